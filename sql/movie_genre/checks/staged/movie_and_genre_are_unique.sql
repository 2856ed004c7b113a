-- severity: error
select
    movie_id,
    genre_id,
    count(*) as occurrences
from movies_staging.movie_genre
group by movie_id, genre_id
having count(*) > 1;
