-- severity: error
select
    load_table.table_name,
    load_table.rows_rejected,
    coalesce(sum(load_rejected.row_count), 0) as rows_with_reason
from movies_ops.load_table as load_table
left join movies_ops.load_rejected as load_rejected
    on load_table.run_id = load_rejected.run_id and load_table.table_name = load_rejected.table_name
where load_table.run_id = %(run_id)s and load_table.manifest_digest is not null
group by load_table.table_name, load_table.rows_rejected
having load_table.rows_rejected <> coalesce(sum(load_rejected.row_count), 0);
