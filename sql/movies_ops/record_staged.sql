update movies_ops.load_table
set
    manifest_digest = %(manifest_digest)s,
    rows_in = %(rows_in)s,
    rows_out = %(rows_out)s,
    rows_rejected = %(rows_rejected)s,
    staged_rows = %(staged_rows)s
where run_id = %(run_id)s and table_name = %(table_name)s;
