-- severity: warn
-- A file that is ordered by time and cut begins too late or ends too early.
select
    min(ratings.rated_at) as first_rating,
    max(ratings.rated_at) as last_rating,
    load_span.first_day,
    load_span.last_day
from movies_staging.ratings as ratings
cross join movies_ops.load_span as load_span
where load_span.run_id = %(run_id)s and load_span.table_name = 'ratings'
group by load_span.first_day, load_span.last_day
having
    cast(min(ratings.rated_at) as date) > load_span.first_day
    or cast(max(ratings.rated_at) as date) < load_span.last_day;
