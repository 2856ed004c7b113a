insert into movies_ops.load_attempt (run_id, attempt, started_at, finished_at, outcome, message)
values (%(run_id)s, %(attempt)s, %(started_at)s, %(now)s, %(outcome)s, %(message)s);
