update movies_ops.load_run
set
    published_at = %(now)s,
    published_digest = %(content_digest)s
where run_id = %(run_id)s;
