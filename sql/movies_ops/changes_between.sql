-- Over the publications after one moment up to another.
with publications as (
    select run_id
    from movies_ops.load_run
    where published_at > %(after)s and published_at <= %(until)s
)

select
    load_change.table_name,
    cast(sum(load_change.rows_added) as bigint) as rows_added,
    cast(sum(load_change.rows_changed) as bigint) as rows_changed,
    cast(sum(load_change.rows_removed) as bigint) as rows_removed
from movies_ops.load_change
inner join publications on load_change.run_id = publications.run_id
group by load_change.table_name
having sum(load_change.rows_added + load_change.rows_changed + load_change.rows_removed) > 0
order by load_change.table_name;
