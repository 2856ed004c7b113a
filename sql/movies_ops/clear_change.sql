delete from movies_ops.load_change
where run_id = %(run_id)s and table_name = %(table_name)s;
