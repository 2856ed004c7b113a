-- severity: error
-- sample: 20
-- A cell that cannot be read becomes unknown and its row stays; in many rows it means that the column is read wrongly.
select
    account.table_name,
    load_rejected.reason,
    load_rejected.row_count,
    account.rows_in,
    cast(load_rejected.row_count as double precision) / account.rows_in as share,
    coalesce(load_ceiling.ceiling, 0) as ceiling
from movies_ops.load_table as account
inner join movies_ops.load_rejected as load_rejected
    on
        account.run_id = load_rejected.run_id
        and account.table_name = load_rejected.table_name
        and load_rejected.kind = 'repaired'
left join movies_ops.load_ceiling as load_ceiling
    on
        account.run_id = load_ceiling.run_id
        and account.table_name = load_ceiling.table_name
        and load_rejected.kind = load_ceiling.kind
        and load_rejected.reason = load_ceiling.reason
where
    account.run_id = %(run_id)s
    and load_rejected.row_count
    > greatest(coalesce(load_ceiling.ceiling, 0) * account.rows_in, coalesce(load_ceiling.few, 0))
order by share desc, account.table_name asc, load_rejected.reason asc;
