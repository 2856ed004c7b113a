-- The checks that found something, those that stop a run first.
select
    severity,
    stage,
    table_name,
    check_name,
    state,
    violations
from movies_ops.quality_result
where run_id = %(run_id)s and state in ('fail', 'error')
order by severity, stage, table_name, check_name;
