-- When to release: quarters by mean revenue per film. A median cannot come from medians of months: it is taken anew.
create view movies.best_release_quarters as
with per_quarter as (
    select
        calendar.quarter,
        count(*) as movie_count,
        sum(movies.revenue) as revenue,
        percentile_cont(0.5) within group (order by movies.revenue) as median_revenue
    from movies.movies as movies
    inner join movies.date as calendar on movies.release_date = calendar.release_date
    where movies.revenue is not null
    group by calendar.quarter
),

measured as (
    select
        quarter,
        movie_count,
        cast(revenue as bigint) as revenue,
        cast(cast(revenue as numeric(20, 2)) / cast(movie_count as numeric(12, 0)) as numeric(20, 2)) as mean_revenue,
        cast(median_revenue as numeric(20, 2)) as median_revenue
    from per_quarter
)

select
    cast(row_number() over (
        order by mean_revenue desc, quarter asc
    ) as integer) as position,
    quarter,
    movie_count,
    revenue,
    mean_revenue,
    median_revenue
from measured;
