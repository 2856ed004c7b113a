-- severity: error
-- FRED revises a seasonally adjusted price by less than 1 %: a month whose price is gone or another is damage.
-- Judged only when the tables hold an earlier run of the same kind of data: going back is not judged by a later one.
with previous_run as (
    select published.run_id
    from movies_ops.load_run as published
    inner join movies_ops.load_run as this_run
        on published.sample = this_run.sample and published.attempt < this_run.attempt
    where
        this_run.run_id = %(run_id)s
        and published.published_at = (select max(latest.published_at) from movies_ops.load_run as latest)
),

counted as (
    select
        count(*) as rows_before,
        sum(
            case
                when
                    coalesce(
                        abs(staged.consumer_price_index / published.consumer_price_index - 1) > 0.02,
                        published.consumer_price_index is not null
                    )
                    then 1
                else 0
            end
        ) as row_count
    from movies.cpi as published
    left join movies_staging.cpi as staged on published.date = staged.date
),

-- Rows that there are fewer of are judged as shrink.
moved as (
    select
        counted.rows_before,
        counted.row_count - greatest(counted.rows_before - account.rows_out, 0) as row_count
    from counted
    inner join movies_ops.load_table as account
        on account.run_id = %(run_id)s and account.table_name = 'cpi'
)

select
    load_ceiling.table_name,
    load_ceiling.reason,
    moved.row_count,
    moved.rows_before,
    cast(moved.row_count as double precision) / moved.rows_before as share,
    previous_run.run_id as previous_run,
    load_ceiling.ceiling
from moved
cross join previous_run
inner join movies_ops.load_ceiling as load_ceiling
    on
        load_ceiling.run_id = %(run_id)s
        and load_ceiling.table_name = 'cpi'
        and load_ceiling.reason = 'changed'
where moved.row_count > load_ceiling.ceiling * moved.rows_before;
