-- severity: warn
-- Below 1,000 the unit is in doubt (millions?): 2 % of the full data's revenues are.
select
    count(*) as known_revenues,
    sum(case when revenue < 1000 then 1 else 0 end) as below_1000
from movies_staging.movies
where revenue is not null
having sum(case when revenue < 1000 then 1 else 0 end) > 0.05 * count(*);
