-- severity: warn
select calendar.release_date
from movies_staging.date as calendar
left join movies_staging.movies as movies on calendar.release_date = movies.release_date
where movies.movie_id is null;
