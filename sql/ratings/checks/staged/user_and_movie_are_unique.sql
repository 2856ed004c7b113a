-- severity: error
-- A user's later rating of a film replaces the earlier one.
select
    user_id,
    movie_id,
    count(*) as occurrences
from movies_staging.ratings
group by user_id, movie_id
having count(*) > 1;
