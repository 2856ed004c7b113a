-- The runs of the same kind of data that were published before this one, the last first.
select earlier.run_id
from movies_ops.load_run as earlier
inner join movies_ops.load_run as reported
    on
        coalesce(earlier.sample, '') = coalesce(reported.sample, '')
        and earlier.run_id <> reported.run_id
where
    reported.run_id = %(run_id)s
    and earlier.published_at is not null
    and (reported.published_at is null or earlier.published_at < reported.published_at)
order by earlier.published_at desc
limit 10;
