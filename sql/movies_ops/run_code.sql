select
    path,
    digest
from movies_ops.load_code
where run_id = %(run_id)s;
