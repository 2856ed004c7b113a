delete from movies_staging.movie_genre;
