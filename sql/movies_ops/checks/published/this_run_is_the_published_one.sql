-- severity: error
select
    run_id,
    published_at
from movies_ops.load_run
where
    published_at = (select max(latest.published_at) as published_at from movies_ops.load_run as latest)
    and run_id <> %(run_id)s;
