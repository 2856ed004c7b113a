-- The run whose rows the tables hold now.
select
    load_run.run_id,
    load_run.attempt,
    load_run.movies_version,
    load_run.cpi_version,
    load_run.code_digest,
    load_run.forced,
    load_run.published_at,
    load_run.published_digest,
    load_run.run_date,
    coalesce(load_run.sample, '') as sample,
    coalesce(load_run.allowed, '') as allowed,
    coalesce(load_hold.restores, '') as restores
from movies_ops.load_run
left join movies_ops.load_hold on load_run.run_id = load_hold.run_id
where load_run.published_at is not null
order by load_run.published_at desc
limit 1;
