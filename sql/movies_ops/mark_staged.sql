update movies_ops.load_run
set staged_at = %(now)s
where run_id = %(run_id)s;
