-- severity: error
-- Redshift does not enforce keys, and its planner trusts them.
select
    movie_id,
    count(*) as occurrences
from movies_staging.movies
group by movie_id
having count(*) > 1;
