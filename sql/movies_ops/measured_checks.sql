-- A check that could not run has failed; one that had nothing to compare with counts for nothing.
select
    severity,
    case state when 'pass' then 'passed' else 'failed' end as outcome,
    count(*) as checks
from movies_ops.quality_result
where run_id = %(run_id)s and state <> 'skip'
group by severity, case state when 'pass' then 'passed' else 'failed' end;
