select
    answer,
    headline
from movies_ops.load_answer
where run_id = %(run_id)s;
