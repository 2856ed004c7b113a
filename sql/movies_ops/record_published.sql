update movies_ops.load_table
set
    published_rows = %(published_rows)s,
    table_digest = %(table_digest)s
where run_id = %(run_id)s and table_name = %(table_name)s;
