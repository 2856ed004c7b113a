insert into movies_ops.load_ceiling (run_id, table_name, kind, reason, ceiling, few, allowed)
values (%(run_id)s, %(account)s, %(kind)s, %(reason)s, %(share)s, %(few)s, %(allowed)s);
