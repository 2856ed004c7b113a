insert into movies_ops.quality_result (
    run_id, stage, check_name, table_name, severity, state, violations, sample, seconds, checked_at, content_digest
)
values (
    %(run_id)s, %(stage)s, %(check_name)s, %(table_name)s, %(severity)s, %(state)s, %(violations)s, %(sample)s,
    %(seconds)s, %(checked_at)s, %(content_digest)s
);
