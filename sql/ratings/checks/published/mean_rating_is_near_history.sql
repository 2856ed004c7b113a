-- severity: warn
-- min_history: 3
-- A tenth of a star from the median of the last five published runs of the same kind of data.
with history as (
    select run_id
    from movies_ops.load_run
    where
        published_at is not null
        and run_id <> %(run_id)s
        and sample in (
            select this_run.sample
            from movies_ops.load_run as this_run
            where this_run.run_id = %(run_id)s
        )
    order by published_at desc
    limit 5
),

usual as (
    select
        quality_metric.table_name,
        quality_metric.metric,
        percentile_cont(0.5) within group (order by quality_metric.value) as median_value
    from movies_ops.quality_metric as quality_metric
    inner join history on quality_metric.run_id = history.run_id
    group by quality_metric.table_name, quality_metric.metric
)

select
    measured.table_name,
    measured.metric,
    measured.value,
    usual.median_value
from movies_ops.quality_metric as measured
inner join usual on measured.table_name = usual.table_name and measured.metric = usual.metric
where
    measured.run_id = %(run_id)s
    and measured.metric = 'mean_rating'
    and abs(measured.value - usual.median_value) > 0.1;
