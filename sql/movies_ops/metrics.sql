select
    table_name,
    metric,
    value
from movies_ops.quality_metric
where run_id = %(run_id)s;
