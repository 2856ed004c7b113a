-- The rows of each table of the run, loaded tables and marts.
select
    table_name,
    rows_in,
    rows_out,
    rows_rejected,
    staged_rows,
    published_rows,
    table_digest
from movies_ops.load_table
where run_id = %(run_id)s;
