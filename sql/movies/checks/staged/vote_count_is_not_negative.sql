-- severity: error
select
    movie_id,
    vote_count
from movies_staging.movies
where vote_count < 0;
