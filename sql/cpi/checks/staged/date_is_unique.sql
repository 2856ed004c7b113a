-- severity: error
-- A second row would count a film's revenue twice.
select
    date,
    count(*) as occurrences
from movies_staging.cpi
group by date
having count(*) > 1;
