update movies_ops.load_table
set
    manifest_digest = %(manifest_digest)s,
    staged_rows = %(staged_rows)s
where run_id = %(run_id)s and table_name = %(table_name)s;
