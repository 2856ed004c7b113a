-- severity: warn
-- A runtime such as 104.0 in this column is the sign of shifted columns.
select
    movie_id,
    original_language
from movies_staging.movies
where original_language not similar to '[a-z]{2}';
