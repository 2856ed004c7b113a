-- Runs that ended before they were planned, by their last attempt.
with last_attempt as (
    select
        load_attempt.run_id,
        max(load_attempt.attempt) as attempt
    from movies_ops.load_attempt
    left join movies_ops.load_run on load_attempt.run_id = load_run.run_id
    where load_run.run_id is null
    group by load_attempt.run_id
)

select
    load_attempt.run_id,
    cast(null as date) as run_date,
    coalesce(load_attempt.started_at, load_attempt.finished_at) as planned_at,
    cast(null as timestamp) as published_at,
    load_attempt.outcome,
    '' as movies_version,
    '' as cpi_version,
    cast(null as varchar(128)) as restores,
    cast(null as bigint) as published_rows
from movies_ops.load_attempt
inner join
    last_attempt
    on load_attempt.run_id = last_attempt.run_id and load_attempt.attempt = last_attempt.attempt
order by load_attempt.finished_at desc
limit %(most)s;
