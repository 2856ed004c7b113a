-- severity: error
select
    movie_id,
    title,
    release_date
from movies_staging.movies
where movie_id is null;
