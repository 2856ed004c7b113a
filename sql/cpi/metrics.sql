-- What later runs are compared with: one row, a column for each measure.
select
    cast(count(*) as double precision) as row_count,
    avg(case when consumer_price_index is null then cast(1 as double precision) else 0 end)
        as consumer_price_index_null_share
from movies.cpi;
