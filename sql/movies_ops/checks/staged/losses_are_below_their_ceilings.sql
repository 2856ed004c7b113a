-- severity: error
-- sample: 20
-- A reason that no table.toml declares may take nothing. The total judges together what each reason may take by itself.
with lost as (
    select
        account.table_name,
        load_rejected.reason,
        load_rejected.row_count,
        account.rows_in,
        coalesce(load_ceiling.ceiling, 0) as ceiling,
        greatest(coalesce(load_ceiling.ceiling, 0) * account.rows_in, coalesce(load_ceiling.few, 0)) as at_most,
        coalesce(load_ceiling.allowed, false) as allowed
    from movies_ops.load_table as account
    inner join movies_ops.load_rejected as load_rejected
        on
            account.run_id = load_rejected.run_id
            and account.table_name = load_rejected.table_name
            and load_rejected.kind = 'rejected'
    left join movies_ops.load_ceiling as load_ceiling
        on
            account.run_id = load_ceiling.run_id
            and account.table_name = load_ceiling.table_name
            and load_rejected.kind = load_ceiling.kind
            and load_rejected.reason = load_ceiling.reason
    where account.run_id = %(run_id)s
),

together as (
    select
        lost.table_name,
        load_ceiling.reason,
        cast(sum(lost.row_count) as bigint) as row_count,
        lost.rows_in,
        load_ceiling.ceiling,
        greatest(load_ceiling.ceiling * lost.rows_in, load_ceiling.few) as at_most
    from lost
    inner join movies_ops.load_ceiling as load_ceiling
        on
            lost.table_name = load_ceiling.table_name
            and load_ceiling.run_id = %(run_id)s
            and load_ceiling.kind = 'rejected'
            and load_ceiling.reason = 'total'
    where lost.row_count <= lost.at_most and not lost.allowed
    group by lost.table_name, load_ceiling.reason, lost.rows_in, load_ceiling.ceiling, load_ceiling.few
),

judged as (
    select
        table_name,
        reason,
        row_count,
        rows_in,
        ceiling,
        at_most
    from lost
    union all
    select
        table_name,
        reason,
        row_count,
        rows_in,
        ceiling,
        at_most
    from together
)

select
    table_name,
    reason,
    row_count,
    rows_in,
    cast(row_count as double precision) / rows_in as share,
    ceiling
from judged
where row_count > at_most
order by share desc, table_name asc, reason asc;
