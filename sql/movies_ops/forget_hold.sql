delete from movies_ops.load_hold
where run_id = %(run_id)s;
