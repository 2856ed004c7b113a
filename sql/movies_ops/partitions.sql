select
    table_name,
    partition_name,
    row_count,
    content_digest,
    control_totals
from movies_ops.load_partition
where run_id = %(run_id)s;
