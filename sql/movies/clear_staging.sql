delete from movies_staging.movies;
