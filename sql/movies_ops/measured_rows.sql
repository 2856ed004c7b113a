-- One row when the run has accounts, else none. An input that is no table counts too: rows are lost there.
select
    sum(rows_in - rows_merged - rows_rejected) as accepted,
    sum(rows_merged) as merged,
    sum(rows_rejected) as rejected
from movies_ops.load_table
where run_id = %(run_id)s and rows_in is not null
having count(*) > 0;
