-- severity: error
-- sample: 20
-- No reason takes or empties a greater share than in the run published last of the same kind of data, but for a drift.
-- Only runs planned before this one count, so that going back to an earlier run is not judged by a later one.
with this_run as (
    select
        run_id,
        attempt,
        sample
    from movies_ops.load_run
    where run_id = %(run_id)s
),

previous_run as (
    select load_run.run_id
    from movies_ops.load_run as load_run
    inner join this_run on load_run.sample = this_run.sample and load_run.attempt < this_run.attempt
    where load_run.published_at is not null
    order by load_run.published_at desc
    limit 1
),

previous as (
    select
        account.run_id,
        account.table_name,
        load_rejected.kind,
        load_rejected.reason,
        cast(load_rejected.row_count as double precision) / account.rows_in as share
    from previous_run
    inner join movies_ops.load_table as account on previous_run.run_id = account.run_id
    inner join movies_ops.load_rejected as load_rejected
        on account.run_id = load_rejected.run_id and account.table_name = load_rejected.table_name
    where account.rows_in > 0
),

lost as (
    select
        account.table_name,
        load_rejected.kind,
        load_rejected.reason,
        load_rejected.row_count,
        account.rows_in,
        before.run_id as previous_run,
        cast(load_rejected.row_count as double precision) / account.rows_in as share
    from movies_ops.load_table as account
    inner join movies_ops.load_rejected as load_rejected
        on account.run_id = load_rejected.run_id and account.table_name = load_rejected.table_name
    inner join movies_ops.load_table as before on account.table_name = before.table_name and before.rows_in > 0
    inner join previous_run on before.run_id = previous_run.run_id
    left join movies_ops.load_ceiling as raised
        on
            account.run_id = raised.run_id
            and account.table_name = raised.table_name
            and load_rejected.kind = raised.kind
            and load_rejected.reason = raised.reason
            and raised.allowed
    where
        account.run_id = %(run_id)s
        and load_rejected.kind in ('rejected', 'repaired')
        and load_rejected.row_count > 0
        and raised.run_id is null
)

select
    lost.table_name,
    lost.kind,
    lost.reason,
    lost.row_count,
    lost.rows_in,
    lost.share,
    lost.previous_run,
    coalesce(previous.share, 0) as previous_share,
    drift.ceiling
from lost
inner join movies_ops.load_ceiling as drift
    on
        lost.table_name = drift.table_name
        and drift.run_id = %(run_id)s
        and drift.kind = 'history'
        and drift.reason = 'drift'
left join previous
    on lost.table_name = previous.table_name and lost.kind = previous.kind and lost.reason = previous.reason
where lost.share > coalesce(previous.share, 0) + drift.ceiling
order by lost.share desc, lost.table_name asc, lost.reason asc;
