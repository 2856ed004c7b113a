insert into movies_ops.load_rejected (run_id, table_name, reason, row_count)
values (%(run_id)s, %(table_name)s, %(reason)s, %(row_count)s);
