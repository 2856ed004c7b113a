-- The run whose rows the tables hold now.
select
    run_id,
    attempt,
    movies_version,
    cpi_version,
    code_digest,
    forced,
    published_at,
    published_digest,
    run_date,
    coalesce(sample, '') as sample,
    coalesce(allowed, '') as allowed,
    coalesce(rebuilds, false) as rebuilds
from movies_ops.load_run
where published_at is not null
order by published_at desc
limit 1;
