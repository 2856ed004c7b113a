-- severity: error
select date
from movies_staging.cpi
where date is null or extract(day from date) <> 1;
