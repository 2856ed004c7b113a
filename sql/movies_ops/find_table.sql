select table_name
from movies_ops.load_table
where run_id = %(run_id)s and table_name = %(table_name)s;
