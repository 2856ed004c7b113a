-- severity: error
with base as (select count(*) as rating_count from movies.ratings)

select
    mart.rating_count as in_mart,
    base.rating_count as in_ratings
from (select coalesce(sum(rating_count), 0) as rating_count from movies.movie_rating) as mart
cross join base
where mart.rating_count <> base.rating_count;
