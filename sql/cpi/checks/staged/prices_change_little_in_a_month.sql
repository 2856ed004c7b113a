-- severity: error
-- A price that leaps is of another scale (a decimal point lost, another base) or of another month.
select
    load_ceiling.table_name,
    load_ceiling.reason,
    leaps.date,
    leaps.consumer_price_index,
    leaps.previous_index,
    leaps.share,
    load_ceiling.ceiling
from (
    select
        date,
        consumer_price_index,
        previous_index,
        abs(consumer_price_index / nullif(previous_index, 0) - 1) as share
    from (
        select
            date,
            consumer_price_index,
            lag(consumer_price_index) over (order by date) as previous_index
        from movies_staging.cpi
        where consumer_price_index is not null
    ) as values_by_month
) as leaps
inner join movies_ops.load_ceiling as load_ceiling
    on
        load_ceiling.run_id = %(run_id)s
        and load_ceiling.table_name = 'cpi'
        and load_ceiling.reason = 'monthly_change'
where leaps.share > load_ceiling.ceiling
order by leaps.share desc, leaps.date asc;
