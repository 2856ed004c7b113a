-- What retention asks of each run.
select
    run_id,
    planned_at,
    published_at,
    outcome,
    movies_version,
    cpi_version
from movies_ops.load_run;
