-- Going from 26 million ratings to genres first and counting users then takes six times as long.
delete from movies.user_genre_by_year
where rated_year >= extract(year from cast(%(event_time_start)s as timestamp));

insert into movies.user_genre_by_year (user_id, rated_year, genre_bits)
with films as (
    select
        movie_genre.movie_id,
        cast(sum(genre_bit.genre_bit) as bigint) as genre_bits
    from movies.movie_genre as movie_genre
    inner join movies.genre_bit as genre_bit on movie_genre.genre_id = genre_bit.genre_id
    group by movie_genre.movie_id
)

select
    ratings.user_id,
    cast(extract(year from ratings.rated_at) as integer) as rated_year,
    bit_or(coalesce(films.genre_bits, 0)) as genre_bits
from movies.ratings as ratings
left join films on ratings.movie_id = films.movie_id
where ratings.rated_at >= cast(%(event_time_start)s as timestamp)
group by ratings.user_id, cast(extract(year from ratings.rated_at) as integer);
