select
    run_id,
    outcome,
    message
from movies_ops.load_run
where run_date = %(run_date)s
order by planned_at desc, attempt desc;
