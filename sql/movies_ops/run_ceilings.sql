select
    table_name,
    reason,
    ceiling,
    few
from movies_ops.load_ceiling
where run_id = %(run_id)s;
