insert into movies_ops.load_rejected (run_id, table_name, kind, reason, row_count)
values (%(run_id)s, %(table_name)s, %(kind)s, %(reason)s, %(row_count)s);
