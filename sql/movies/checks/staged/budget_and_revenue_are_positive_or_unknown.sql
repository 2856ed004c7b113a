-- severity: error
-- 0 means unknown in the source and must be null here.
select
    movie_id,
    budget,
    revenue
from movies_staging.movies
where budget <= 0 or revenue <= 0;
