delete from movies.genre_popularity;

insert into movies.genre_popularity (genre_name, rating_count, user_count, movie_count, mean_rating)
with per_user as (
    select
        user_id,
        bit_or(genre_bits) as genre_bits
    from movies.user_genre_by_year
    group by user_id
),

users as (
    select
        genre_bit.genre_id,
        count(*) as user_count
    from movies.genre_bit as genre_bit
    inner join per_user on per_user.genre_bits & genre_bit.genre_bit <> 0
    group by genre_bit.genre_id
),

per_genre as (
    select
        movie_genre.genre_id,
        count(*) as movie_count,
        cast(sum(movie_rating.rating_count) as numeric(12, 0)) as rating_count,
        cast(sum(movie_rating.rating_sum) as numeric(16, 4)) as rating_sum
    from movies.movie_rating as movie_rating
    inner join movies.movie_genre as movie_genre on movie_rating.movie_id = movie_genre.movie_id
    group by movie_genre.genre_id
)

select
    genre.genre_name,
    cast(per_genre.rating_count as bigint) as rating_count,
    users.user_count,
    per_genre.movie_count,
    cast(round(per_genre.rating_sum / per_genre.rating_count, 4) as numeric(6, 4)) as mean_rating
from per_genre
inner join users on per_genre.genre_id = users.genre_id
inner join movies.genre as genre on per_genre.genre_id = genre.genre_id;
