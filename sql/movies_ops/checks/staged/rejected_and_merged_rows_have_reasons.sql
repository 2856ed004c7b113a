-- severity: error
select
    load_table.table_name,
    load_table.rows_rejected,
    load_table.rows_merged,
    sum(case when load_rejected.kind = 'rejected' then load_rejected.row_count else 0 end) as rejected_with_reason,
    sum(case when load_rejected.kind = 'merged' then load_rejected.row_count else 0 end) as merged_with_reason
from movies_ops.load_table as load_table
left join movies_ops.load_rejected as load_rejected
    on load_table.run_id = load_rejected.run_id and load_table.table_name = load_rejected.table_name
where load_table.run_id = %(run_id)s and load_table.rows_in is not null
group by load_table.table_name, load_table.rows_rejected, load_table.rows_merged
having
    load_table.rows_rejected
    <> sum(case when load_rejected.kind = 'rejected' then load_rejected.row_count else 0 end)
    or load_table.rows_merged <> sum(case when load_rejected.kind = 'merged' then load_rejected.row_count else 0 end);
