select
    load_run.run_id,
    load_run.run_date,
    load_run.planned_at,
    load_run.published_at,
    load_run.outcome,
    load_run.movies_version,
    load_run.cpi_version,
    load_hold.restores,
    sum(load_table.published_rows) as published_rows
from movies_ops.load_run
left join movies_ops.load_hold on load_run.run_id = load_hold.run_id
left join movies_ops.load_table on load_run.run_id = load_table.run_id
group by
    load_run.run_id,
    load_run.run_date,
    load_run.planned_at,
    load_run.published_at,
    load_run.outcome,
    load_run.movies_version,
    load_run.cpi_version,
    load_hold.restores
order by load_run.planned_at desc, load_run.run_id asc
limit %(most)s;
