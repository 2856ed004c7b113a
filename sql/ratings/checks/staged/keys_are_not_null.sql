-- severity: error
select
    user_movie_id,
    user_id,
    movie_id
from movies_staging.ratings
where user_movie_id is null or user_id is null or movie_id is null;
