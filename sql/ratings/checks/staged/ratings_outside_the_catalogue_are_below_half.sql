-- severity: error
-- The catalogue does not belong to these ratings.
select
    load_table.rows_in,
    load_rejected.row_count as not_in_catalogue
from movies_ops.load_rejected as load_rejected
inner join movies_ops.load_table as load_table
    on load_rejected.run_id = load_table.run_id and load_rejected.table_name = load_table.table_name
where
    load_rejected.run_id = %(run_id)s
    and load_rejected.table_name = 'ratings'
    and load_rejected.reason = 'film_not_in_catalogue'
    and load_rejected.row_count > 0.5 * load_table.rows_in;
