-- severity: error
select count(*) as row_count
from movies_staging.movies
having count(*) = 0;
