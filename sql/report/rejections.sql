-- Why rows of the run were rejected, largest count first.
select
    table_name,
    reason,
    row_count
from movies_ops.load_rejected
where run_id = %(run_id)s and row_count > 0
order by row_count desc, table_name asc, reason asc;
