update movies_ops.load_table
set
    rows_in = %(rows_in)s,
    rows_out = %(rows_out)s,
    rows_rejected = %(rows_rejected)s,
    rows_merged = %(rows_merged)s
where run_id = %(run_id)s and table_name = %(table_name)s;
