insert into movies_ops.load_span (run_id, table_name, first_day, last_day)
values (%(run_id)s, %(account)s, %(first)s, %(last)s);
