-- severity: error
-- A second row would count a month's films twice.
select
    release_date,
    count(*) as occurrences
from movies_staging.date
group by release_date
having count(*) > 1;
