-- severity: error
select
    movie_id,
    vote_average
from movies_staging.movies
where vote_average < 0 or vote_average > 10;
