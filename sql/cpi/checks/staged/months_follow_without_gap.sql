-- severity: warn
select
    date,
    previous_date
from (
    select
        date,
        lag(date) over (order by date) as previous_date
    from movies_staging.cpi
) as months
where date <> cast(date_trunc('month', previous_date + 31) as date);
