-- m = 50 ratings of the mean of all (C) are added to each film's own. The casts keep NUMERIC division at full scale:
-- by Redshift's rules a SUM is NUMERIC(38, s) and its quotient would keep one digit.
delete from movies.movie_rating;

insert into movies.movie_rating (movie_id, title, release_date, rating_count, mean_rating, bayesian_rating)
with per_film as (
    select
        movie_id,
        cast(count(*) as numeric(12, 0)) as rating_count,
        cast(sum(rating) as numeric(16, 4)) as rating_sum
    from movies.ratings
    group by movie_id
),

overall as (
    select
        cast(
            cast(sum(rating_sum) as numeric(16, 4)) / cast(sum(rating_count) as numeric(12, 0)) as numeric(12, 10)
        ) as mean_rating
    from per_film
)

select
    movies.movie_id,
    movies.title,
    movies.release_date,
    cast(per_film.rating_count as bigint) as rating_count,
    cast(per_film.rating_sum / per_film.rating_count as numeric(6, 4)) as mean_rating,
    cast(
        cast(per_film.rating_sum + 50 * overall.mean_rating as numeric(22, 10))
        / cast(per_film.rating_count + 50 as numeric(12, 0)) as numeric(6, 4)
    ) as bayesian_rating
from per_film
inner join movies.movies as movies on per_film.movie_id = movies.movie_id
cross join overall;
