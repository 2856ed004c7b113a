insert into movies_ops.load_code (run_id, path, digest)
values (%(run_id)s, %(path)s, %(digest)s);
