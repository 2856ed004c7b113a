-- severity: error
-- week is ISO 8601's.
select
    release_date,
    day,
    week,
    month,
    quarter,
    year
from movies_staging.date
where
    coalesce(day, 0) <> extract(day from release_date)
    or coalesce(week, 0) <> cast(to_char(release_date, 'IW') as integer)
    or coalesce(month, 0) <> extract(month from release_date)
    or coalesce(quarter, 0) <> extract(quarter from release_date)
    or coalesce(year, 0) <> extract(year from release_date);
