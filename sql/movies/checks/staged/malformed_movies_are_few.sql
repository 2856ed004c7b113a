-- severity: error
-- More than 1 % means that the file is read wrongly or is damaged.
select
    load_table.rows_in,
    load_rejected.row_count as malformed
from movies_ops.load_rejected as load_rejected
inner join movies_ops.load_table as load_table
    on load_rejected.run_id = load_table.run_id and load_rejected.table_name = load_table.table_name
where
    load_rejected.run_id = %(run_id)s
    and load_rejected.table_name = 'movies'
    and load_rejected.reason = 'malformed'
    and load_rejected.row_count > 0.01 * load_table.rows_in;
