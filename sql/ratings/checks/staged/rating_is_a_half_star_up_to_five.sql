-- severity: error
select
    user_id,
    movie_id,
    rating
from movies_staging.ratings
where rating is null or rating < 0.5 or rating > 5 or rating * 2 <> floor(rating * 2);
