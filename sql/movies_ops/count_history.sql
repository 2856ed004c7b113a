-- Published runs of the same kind of data to compare with.
select count(*) as run_count
from movies_ops.load_run
where
    published_at is not null
    and run_id <> %(run_id)s
    and sample in (
        select this_run.sample
        from movies_ops.load_run as this_run
        where this_run.run_id = %(run_id)s
    );
