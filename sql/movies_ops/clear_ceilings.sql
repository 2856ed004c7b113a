delete from movies_ops.load_ceiling
where run_id = %(run_id)s;

delete from movies_ops.load_span
where run_id = %(run_id)s;
