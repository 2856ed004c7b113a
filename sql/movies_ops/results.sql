select
    check_name,
    table_name,
    severity,
    state,
    violations,
    sample,
    seconds,
    checked_at,
    content_digest
from movies_ops.quality_result
where run_id = %(run_id)s and stage = %(stage)s
order by table_name, check_name;
