-- The run to report, as the ledger knows it.
select
    run_id,
    attempt,
    movies_version,
    cpi_version,
    code_digest,
    forced,
    planned_at,
    published_at,
    outcome,
    coalesce(sample, '') as sample,
    coalesce(allowed, '') as allowed
from movies_ops.load_run
where run_id = %(run_id)s;
