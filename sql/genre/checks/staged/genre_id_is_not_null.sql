-- severity: error
select
    genre_id,
    genre_name
from movies_staging.genre
where genre_id is null;
