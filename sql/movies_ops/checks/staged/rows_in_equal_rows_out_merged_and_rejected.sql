-- severity: error
-- Nothing is lost on the way: what does not arrive was there already, or was rejected for a reason.
select
    table_name,
    rows_in,
    rows_out,
    rows_merged,
    rows_rejected
from movies_ops.load_table
where
    run_id = %(run_id)s
    and (manifest_digest is not null or rows_out is not null)
    and (rows_in is null or rows_in <> rows_out + rows_merged + rows_rejected);
