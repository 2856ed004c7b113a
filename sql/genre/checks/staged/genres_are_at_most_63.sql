-- severity: error
-- A set of genres is a number with a bit for each, and a BIGINT has so many.
select count(*) as genre_count
from movies_staging.genre
having count(*) > 63;
