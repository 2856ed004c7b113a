select
    table_name,
    partition_name,
    row_count,
    content_digest
from movies_ops.load_partition
where run_id = %(run_id)s
order by table_name, partition_name;
