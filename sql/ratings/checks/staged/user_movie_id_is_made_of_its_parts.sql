-- severity: error
select
    user_movie_id,
    user_id,
    movie_id
from movies_staging.ratings
where user_movie_id <> cast(user_id as bigint) * 4294967296 + movie_id;
