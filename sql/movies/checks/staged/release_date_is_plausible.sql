-- severity: warn
select
    movie_id,
    title,
    release_date
from movies_staging.movies
where release_date < '1870-01-01' or release_date - current_date > 3653;
