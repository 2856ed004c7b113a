update movies_ops.load_attempt
set
    finished_at = %(now)s,
    outcome = %(outcome)s,
    message = %(message)s
where run_id = %(run_id)s and attempt = %(attempt)s;
