-- Each film is given m ratings (movies.rating_prior) of the mean of all (C) beside its own. The casts keep NUMERIC
-- division at full scale: by Redshift's rules a SUM is NUMERIC(38, s) and its quotient would keep four digits. A cast
-- cuts, so it is rounded.
delete from movies.movie_rating;

insert into movies.movie_rating (
    movie_id, title, release_date, rating_count, rating_sum, mean_rating, bayesian_rating
)
with per_film as (
    select
        movie_id,
        cast(sum(rating_count) as numeric(12, 0)) as rating_count,
        cast(sum(rating_sum) as numeric(16, 4)) as rating_sum
    from movies.movie_rating_by_year
    group by movie_id
),

overall as (
    select
        cast(
            round(
                cast(sum(rating_sum) as numeric(16, 4)) / cast(sum(rating_count) as numeric(12, 0)), 10
            ) as numeric(12, 10)
        ) as mean_rating
    from per_film
)

select
    movies.movie_id,
    movies.title,
    movies.release_date,
    cast(per_film.rating_count as bigint) as rating_count,
    per_film.rating_sum,
    cast(round(per_film.rating_sum / per_film.rating_count, 4) as numeric(6, 4)) as mean_rating,
    cast(
        round(
            cast(per_film.rating_sum + added.rating_count * overall.mean_rating as numeric(22, 10))
            / cast(per_film.rating_count + added.rating_count as numeric(12, 0)), 4
        ) as numeric(6, 4)
    ) as bayesian_rating
from per_film
inner join movies.movies as movies on per_film.movie_id = movies.movie_id
cross join overall
cross join movies.rating_prior as added;
