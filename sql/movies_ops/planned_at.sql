select planned_at
from movies_ops.load_run
where run_id = %(run_id)s;
