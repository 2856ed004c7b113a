-- severity: error
select
    genre_name,
    rating_count,
    user_count,
    movie_count,
    mean_rating
from movies.genre_popularity
where
    rating_count < user_count
    or rating_count < movie_count
    or user_count < 1
    or mean_rating < 0.5
    or mean_rating > 5;
