-- severity: warn
-- MovieLens began in 1995; milliseconds read as seconds lie far ahead.
select
    user_id,
    movie_id,
    rated_at
from movies_staging.ratings
where rated_at is null or rated_at < '1995-01-01' or rated_at >= current_date + 2;
