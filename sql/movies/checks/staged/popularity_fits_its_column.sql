-- severity: error
-- NUMERIC(12, 6) would abort the publication.
select
    movie_id,
    popularity
from movies_staging.movies
where popularity < 0 or popularity >= 1000000;
