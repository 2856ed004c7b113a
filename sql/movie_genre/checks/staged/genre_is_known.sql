-- severity: error
select
    movie_genre.movie_id,
    movie_genre.genre_id
from movies_staging.movie_genre as movie_genre
left join movies_staging.genre as genre on movie_genre.genre_id = genre.genre_id
where genre.genre_id is null;
