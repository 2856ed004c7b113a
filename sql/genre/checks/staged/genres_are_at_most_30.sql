-- severity: warn
-- TMDB has 20: many more are production companies from shifted columns.
select count(*) as genre_count
from movies_staging.genre
having count(*) > 30;
