-- severity: error
-- The answers about months and quarters join this table: a film without a row would be lost.
select
    movies.movie_id,
    movies.release_date
from movies_staging.movies as movies
left join movies_staging.date as calendar on movies.release_date = calendar.release_date
where movies.release_date is not null and calendar.release_date is null;
