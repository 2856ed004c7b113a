-- DELETE, not TRUNCATE: that commits on Redshift. Readers see the last committed rows meanwhile.
delete from movies.ratings;

insert into movies.ratings (
    user_movie_id,
    user_id,
    movie_id,
    rating,
    rated_at
)
select
    user_movie_id,
    user_id,
    movie_id,
    cast(rating as numeric(2, 1)) as rating,
    rated_at
from movies_staging.ratings;
