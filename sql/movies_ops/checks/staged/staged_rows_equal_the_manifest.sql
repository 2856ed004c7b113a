-- severity: error
select
    table_name,
    rows_out,
    staged_rows
from movies_ops.load_table
where
    run_id = %(run_id)s
    and manifest_digest is not null
    and (staged_rows is null or staged_rows <> rows_out);
