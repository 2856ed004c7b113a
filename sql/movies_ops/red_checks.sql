-- What stopped the run, as report and message tell it.
select
    stage,
    table_name,
    check_name,
    sample
from movies_ops.quality_result
where run_id = %(run_id)s and severity = 'error' and state in ('fail', 'error')
order by checked_at, table_name, check_name;
