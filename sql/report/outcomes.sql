-- Why rows of the run were rejected or merged, or cells of them emptied; before kinds were told, all were rejected.
select
    table_name,
    coalesce(kind, 'rejected') as kind,
    reason,
    row_count
from movies_ops.load_rejected
where run_id = %(run_id)s and row_count > 0;
