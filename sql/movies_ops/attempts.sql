select
    attempt,
    started_at,
    finished_at,
    outcome,
    message
from movies_ops.load_attempt
where run_id = %(run_id)s
order by attempt;
