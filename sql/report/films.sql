-- The highest-rated films, best first.
select
    title,
    release_date,
    rating_count,
    mean_rating,
    bayesian_rating
from movies.highest_rated_films
where position <= 10
order by position;
