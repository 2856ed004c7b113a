-- severity: error
select
    movie_id,
    original_language
from movies_staging.movies
where octet_length(original_language) > 10;
