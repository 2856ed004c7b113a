-- Runs from before 004_run_date were for the day on which they were planned.
select
    run_id,
    coalesce(run_date, cast(planned_at as date)) as run_date
from movies_ops.load_run
where outcome = 'Succeeded'
order by planned_at desc, attempt desc
limit 1;
