-- The newest month that has ratings; one row, or none.
select max(partition_name) as partition_name
from movies_ops.load_partition
where run_id = %(run_id)s and table_name = 'ratings' and partition_name <> ''
having count(*) > 0;
