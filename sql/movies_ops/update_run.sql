update movies_ops.load_run
set
    movies_version = %(movies_version)s,
    cpi_version = %(cpi_version)s,
    code_digest = %(code_digest)s,
    forced = %(forced)s,
    rebuilds = %(rebuilds)s,
    planned_at = %(now)s,
    run_date = %(run_date)s,
    sample = %(sample)s,
    allowed = %(allowed)s
where run_id = %(run_id)s;
