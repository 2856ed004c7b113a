-- The runs planned last, the newest first: what became of each, what it published and moved, and who published before.
with accounts as (
    select
        run_id,
        cast(sum(published_rows) as bigint) as rows_published,
        cast(sum(rows_rejected) as bigint) as rows_rejected
    from movies_ops.load_table
    group by run_id
),

moved as (
    select
        run_id,
        cast(sum(rows_added) as bigint) as rows_added,
        cast(sum(rows_changed) as bigint) as rows_changed,
        cast(sum(rows_removed) as bigint) as rows_removed
    from movies_ops.load_change
    group by run_id
),

restored as (
    select
        run_id,
        max(restores) as restores
    from movies_ops.load_hold
    group by run_id
),

tried as (
    select
        run_id,
        count(*) as attempts
    from movies_ops.load_attempt
    group by run_id
),

published as (
    select
        run_id,
        lag(run_id) over (order by published_at) as published_before,
        row_number() over (order by published_at desc) as publications_since
    from movies_ops.load_run
    where published_at is not null
)

select
    load_run.run_id,
    load_run.run_date,
    load_run.planned_at,
    load_run.published_at,
    load_run.outcome,
    load_run.movies_version,
    load_run.cpi_version,
    accounts.rows_published,
    accounts.rows_rejected,
    moved.rows_added,
    moved.rows_changed,
    moved.rows_removed,
    published.published_before,
    coalesce(load_run.message, '') as message,
    coalesce(load_run.sample, '') as sample,
    coalesce(restored.restores, '') as restores,
    coalesce(tried.attempts, 0) as attempts,
    coalesce(published.publications_since = 1, false) as is_current
from movies_ops.load_run
left join accounts on load_run.run_id = accounts.run_id
left join moved on load_run.run_id = moved.run_id
left join restored on load_run.run_id = restored.run_id
left join tried on load_run.run_id = tried.run_id
left join published on load_run.run_id = published.run_id
order by load_run.planned_at desc, load_run.run_id asc
limit %(most)s;
