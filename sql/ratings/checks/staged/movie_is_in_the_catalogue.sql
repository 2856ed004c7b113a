-- severity: error
-- Ratings carry TMDB ids here; MovieLens ids would match other films by accident.
select
    ratings.user_id,
    ratings.movie_id
from movies_staging.ratings as ratings
left join movies_staging.movies as movies on ratings.movie_id = movies.movie_id
where movies.movie_id is null;
