-- severity: error
select
    release_date,
    year
from movies_staging.date
where release_date is null;
