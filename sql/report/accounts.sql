-- The rows of each account of the run: loaded tables, marts, and files that only feed a join.
select
    table_name,
    rows_in,
    rows_out,
    staged_rows,
    published_rows,
    table_digest
from movies_ops.load_table
where run_id = %(run_id)s;
