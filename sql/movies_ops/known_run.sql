-- A run as people ask for it.
select
    load_run.run_id,
    load_run.run_date,
    load_run.planned_at,
    load_run.published_at,
    load_run.outcome,
    load_run.message,
    load_run.movies_version,
    load_run.cpi_version,
    load_run.code_digest,
    load_run.forced,
    coalesce(load_run.sample, '') as sample,
    coalesce(load_run.allowed, '') as allowed,
    load_hold.restores
from movies_ops.load_run
left join movies_ops.load_hold on load_run.run_id = load_hold.run_id
where load_run.run_id = %(run_id)s;
