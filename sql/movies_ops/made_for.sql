select
    application,
    made
from movies_ops.load_made
where run_id = %(run_id)s;
