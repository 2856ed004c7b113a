insert into movies_ops.load_span (run_id, table_name, first_day, last_day)
values (%(run_id)s, %(table_name)s, %(first_day)s, %(last_day)s);
