-- The newest first.
select
    run_id,
    planned_at,
    published_at
from movies_ops.load_run
where published_at < %(moment)s
order by published_at desc
limit %(most)s;
