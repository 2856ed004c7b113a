-- severity: warn
-- 0.1 % of the full data; the sample's catalogue is cut and loses 28 %.
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
    and load_rejected.row_count > 0.05 * load_table.rows_in;
