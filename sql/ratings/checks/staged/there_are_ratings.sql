-- severity: error
select count(*) as row_count
from movies_staging.ratings
having count(*) = 0;
