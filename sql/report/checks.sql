-- What the checks of the run found.
select
    stage,
    check_name,
    table_name,
    severity,
    state,
    violations,
    sample,
    seconds
from movies_ops.quality_result
where run_id = %(run_id)s
order by stage, table_name, check_name;
