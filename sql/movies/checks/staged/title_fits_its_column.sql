-- severity: error
-- VARCHAR(300) counts bytes.
select
    movie_id,
    title
from movies_staging.movies
where octet_length(title) > 300;
