insert into movies_ops.load_hold (run_id, restores, since)
values (%(run_id)s, %(restores)s, %(now)s);
