-- severity: error
with overall as (select avg(cast(rating as double precision)) as mean_rating from movies.ratings)

select
    movie_rating.movie_id,
    movie_rating.mean_rating,
    movie_rating.bayesian_rating,
    overall.mean_rating as overall_mean
from movies.movie_rating as movie_rating
cross join overall
where
    movie_rating.bayesian_rating > greatest(movie_rating.mean_rating, overall.mean_rating) + 0.0001
    or movie_rating.bayesian_rating < least(movie_rating.mean_rating, overall.mean_rating) - 0.0001;
