insert into movies_ops.load_change (run_id, table_name, rows_added, rows_changed, rows_removed)
values (%(run_id)s, %(table_name)s, %(rows_added)s, %(rows_changed)s, %(rows_removed)s);
