-- Which genres are most popular with users: by the number of ratings.
create view movies.most_popular_genres as
select
    cast(row_number() over (
        order by rating_count desc, user_count desc, genre_name asc
    ) as integer) as position,
    genre_name,
    rating_count,
    user_count,
    movie_count,
    mean_rating
from movies.genre_popularity;
