-- What later runs are compared with: one row, a column for each measure.
select
    cast(count(*) as double precision) as row_count,
    avg(case when release_date is null then cast(1 as double precision) else 0 end) as release_date_null_share,
    avg(case when revenue is null then cast(1 as double precision) else 0 end) as revenue_null_share,
    avg(case when budget is null then cast(1 as double precision) else 0 end) as budget_null_share,
    avg(case when original_language is null then cast(1 as double precision) else 0 end)
        as original_language_null_share,
    avg(case when title is null then cast(1 as double precision) else 0 end) as title_null_share,
    avg(cast(vote_average as double precision)) as mean_vote_average
from movies.movies;
