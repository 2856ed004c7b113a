-- severity: error
-- Two names of one genre would double its films.
select
    genre_id,
    count(*) as occurrences
from movies_staging.genre
group by genre_id
having count(*) > 1;
