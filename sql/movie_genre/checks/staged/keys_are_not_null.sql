-- severity: error
select
    movie_id,
    genre_id
from movies_staging.movie_genre
where movie_id is null or genre_id is null;
