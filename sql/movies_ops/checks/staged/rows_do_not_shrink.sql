-- severity: error
-- sample: 20
-- As many rows as the run published last of the same kind of data, but for a few: these data sets grow.
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
)

select
    account.table_name,
    'shrink' as reason,
    before.rows_out - account.rows_out as row_count,
    before.rows_out as rows_before,
    cast(before.rows_out - account.rows_out as double precision) / before.rows_out as share,
    before.run_id as previous_run,
    load_ceiling.ceiling
from previous_run
inner join movies_ops.load_table as before on previous_run.run_id = before.run_id
inner join movies_ops.load_table as account on before.table_name = account.table_name
inner join movies_ops.load_ceiling as load_ceiling
    on
        account.run_id = load_ceiling.run_id
        and account.table_name = load_ceiling.table_name
        and load_ceiling.kind = 'history'
        and load_ceiling.reason = 'shrink'
where
    account.run_id = %(run_id)s
    and before.rows_out - account.rows_out > load_ceiling.ceiling * before.rows_out
order by share desc, account.table_name asc;
