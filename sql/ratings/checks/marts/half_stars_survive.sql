-- severity: error
-- A NUMERIC without scale rounds 3.5 to 4; halves are exact in floating point, so the sums must be equal.
with staged as (select sum(rating) as rating_sum from movies_staging.ratings)

select
    published.rating_sum as published_sum,
    staged.rating_sum as staged_sum
from (select sum(rating) as rating_sum from movies.ratings) as published
cross join staged
where cast(published.rating_sum as numeric(18, 1)) <> cast(staged.rating_sum as numeric(18, 1));
