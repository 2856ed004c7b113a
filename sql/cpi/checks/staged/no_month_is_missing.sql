-- severity: error
-- The series is monthly from its first month on: a quarterly or annual one and a cut one have the same header.
-- A month whose value was never collected has a row, with null.
with months as (
    select
        min(date) as first_month,
        max(date) as last_month,
        count(distinct date) as row_count
    from movies_staging.cpi
),

span as (
    select
        months.row_count,
        load_ceiling.reason,
        load_ceiling.ceiling,
        load_ceiling.table_name,
        least(months.first_month, load_span.first_day) as first_month,
        greatest(months.last_month, load_span.last_day) as last_month
    from months
    inner join movies_ops.load_span as load_span on load_span.run_id = %(run_id)s and load_span.table_name = 'cpi'
    inner join movies_ops.load_ceiling as load_ceiling
        on
            load_span.run_id = load_ceiling.run_id
            and load_span.table_name = load_ceiling.table_name
            and load_ceiling.reason = 'missing_month'
),

counted as (
    select
        *,
        cast(
            12 * (extract(year from last_month) - extract(year from first_month))
            + extract(month from last_month) - extract(month from first_month) + 1 as bigint
        ) as month_count
    from span
)

select
    table_name,
    reason,
    month_count - row_count as row_count,
    month_count as rows_in,
    cast(month_count - row_count as double precision) / month_count as share,
    ceiling,
    first_month,
    last_month
from counted
where month_count - row_count > ceiling * month_count;
