-- severity: error
select
    genre_id,
    genre_name
from movies_staging.genre
where octet_length(genre_name) > 100;
