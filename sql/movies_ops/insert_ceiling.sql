insert into movies_ops.load_ceiling (run_id, table_name, kind, reason, ceiling, few, allowed)
values (%(run_id)s, %(table_name)s, %(kind)s, %(reason)s, %(ceiling)s, %(few)s, %(allowed)s);
