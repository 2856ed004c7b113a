-- Which film is rated highest: by bayesian_rating, so that one five-star rating does not win.
create view movies.highest_rated_films as
select
    cast(row_number() over (
        order by bayesian_rating desc, rating_count desc, movie_id asc
    ) as integer) as position,
    movie_id,
    title,
    release_date,
    rating_count,
    mean_rating,
    bayesian_rating
from movies.movie_rating;
