select count(*) as run_count
from movies_ops.load_run
where published_at is not null and run_id <> %(run_id)s;
