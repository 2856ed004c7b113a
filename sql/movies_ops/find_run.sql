select
    run_id,
    attempt,
    movies_version,
    cpi_version,
    code_digest,
    forced,
    published_at,
    published_digest,
    run_date,
    coalesce(sample, '') as sample,
    coalesce(allowed, '') as allowed,
    coalesce(rebuilds, false) as rebuilds
from movies_ops.load_run
where run_id = %(run_id)s;
