-- severity: error
select
    movie_genre.movie_id,
    movie_genre.genre_id
from movies_staging.movie_genre as movie_genre
left join movies_staging.movies as movies on movie_genre.movie_id = movies.movie_id
where movies.movie_id is null;
