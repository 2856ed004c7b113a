select count(*) as row_count from movies_staging.movies;
