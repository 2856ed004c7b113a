-- All genres that have been rated, most popular first.
select
    genre_name,
    rating_count,
    user_count,
    movie_count,
    mean_rating
from movies.most_popular_genres
order by position;
