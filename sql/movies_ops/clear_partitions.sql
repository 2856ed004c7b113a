delete from movies_ops.load_partition
where run_id = %(run_id)s and table_name = %(table_name)s;
