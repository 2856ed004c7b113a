-- severity: warn
select
    movie_id,
    title
from movies_staging.movies
where title is null or trim(title) = '';
