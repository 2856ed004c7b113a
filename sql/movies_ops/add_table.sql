insert into movies_ops.load_table (run_id, table_name)
values (%(run_id)s, %(table_name)s);
