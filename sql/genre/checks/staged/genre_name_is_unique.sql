-- severity: error
select
    genre_name,
    count(*) as occurrences
from movies_staging.genre
group by genre_name
having count(*) > 1;
