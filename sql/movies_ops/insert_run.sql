insert into movies_ops.load_run (
    run_id,
    attempt,
    movies_version,
    cpi_version,
    code_digest,
    forced,
    rebuilds,
    planned_at,
    run_date,
    sample,
    allowed
)
values (
    %(run_id)s,
    %(attempt)s,
    %(movies_version)s,
    %(cpi_version)s,
    %(code_digest)s,
    %(forced)s,
    %(rebuilds)s,
    %(now)s,
    %(run_date)s,
    %(sample)s,
    %(allowed)s
);
