-- Counted per genre and user first: one pass over the ratings instead of a COUNT(DISTINCT) beside sums.
delete from movies.genre_popularity;

insert into movies.genre_popularity (genre_name, rating_count, user_count, movie_count, mean_rating)
with per_user as (
    select
        movie_genre.genre_id,
        ratings.user_id,
        count(*) as rating_count,
        sum(ratings.rating) as rating_sum
    from movies.ratings as ratings
    inner join movies.movie_genre as movie_genre on ratings.movie_id = movie_genre.movie_id
    group by movie_genre.genre_id, ratings.user_id
),

per_genre as (
    select
        genre_id,
        count(*) as user_count,
        cast(sum(rating_count) as numeric(12, 0)) as rating_count,
        cast(sum(rating_sum) as numeric(16, 4)) as rating_sum
    from per_user
    group by genre_id
),

rated_films as (
    select
        movie_genre.genre_id,
        count(*) as movie_count
    from movies.movie_rating as movie_rating
    inner join movies.movie_genre as movie_genre on movie_rating.movie_id = movie_genre.movie_id
    group by movie_genre.genre_id
)

select
    genre.genre_name,
    cast(per_genre.rating_count as bigint) as rating_count,
    per_genre.user_count,
    rated_films.movie_count,
    cast(round(per_genre.rating_sum / per_genre.rating_count, 4) as numeric(6, 4)) as mean_rating
from per_genre
inner join rated_films on per_genre.genre_id = rated_films.genre_id
inner join movies.genre as genre on per_genre.genre_id = genre.genre_id;
