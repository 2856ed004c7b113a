-- severity: warn
-- A file that is ordered by time and cut begins too late or ends too early.
with reached as (
    select
        min(rated_at) as first_rating,
        max(rated_at) as last_rating
    from movies_staging.ratings
)

select
    reached.first_rating,
    reached.last_rating,
    load_span.first_day,
    load_span.last_day
from reached
inner join movies_ops.load_span as load_span
    on load_span.run_id = %(run_id)s and load_span.table_name = 'ratings'
where
    cast(reached.first_rating as date) > load_span.first_day
    or cast(reached.last_rating as date) < load_span.last_day;
