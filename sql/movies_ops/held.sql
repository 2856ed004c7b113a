select
    load_hold.run_id,
    load_hold.since,
    load_hold.restores
from movies_ops.load_hold
inner join movies_ops.load_run on load_hold.run_id = load_run.run_id
where load_hold.released_at is null and load_run.published_at is not null
order by load_hold.since desc
limit 1;
