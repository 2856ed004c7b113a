update movies_ops.load_run
set
    outcome = %(outcome)s,
    message = %(message)s
where run_id = %(run_id)s;
