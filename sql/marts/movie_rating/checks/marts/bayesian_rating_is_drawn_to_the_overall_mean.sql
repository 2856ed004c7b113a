-- severity: error
-- The overall mean of the films' means by their ratings is that of all ratings, but for the means' fifth digit.
with overall as (
    select
        sum(cast(mean_rating as double precision) * rating_count)
        / sum(cast(rating_count as double precision)) as mean_rating
    from movies.movie_rating
)

select
    movie_rating.movie_id,
    movie_rating.mean_rating,
    movie_rating.bayesian_rating,
    overall.mean_rating as overall_mean
from movies.movie_rating as movie_rating
cross join overall
where
    movie_rating.bayesian_rating > greatest(movie_rating.mean_rating, overall.mean_rating) + 0.0002
    or movie_rating.bayesian_rating < least(movie_rating.mean_rating, overall.mean_rating) - 0.0002;
