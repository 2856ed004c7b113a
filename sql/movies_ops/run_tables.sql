-- What became of a run's rows, by table or file, and what publishing it changed.
select
    load_table.table_name,
    load_table.rows_in,
    load_table.rows_out,
    load_table.rows_merged,
    load_table.rows_rejected,
    load_table.published_rows,
    load_change.rows_added,
    load_change.rows_changed,
    load_change.rows_removed
from movies_ops.load_table
left join
    movies_ops.load_change
    on load_table.run_id = load_change.run_id and load_table.table_name = load_change.table_name
where load_table.run_id = %(run_id)s
order by load_table.table_name;
