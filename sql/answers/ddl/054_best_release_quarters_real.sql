-- When to release, in dollars of base_month: quarters by mean real revenue. The median is taken anew from the films.
create view movies.best_release_quarters_real as
with per_quarter as (
    select
        calendar.quarter,
        in_real_dollars.base_month,
        cast(count(*) as numeric(10, 0)) as movie_count,
        cast(sum(in_real_dollars.real_revenue) as numeric(24, 2)) as real_revenue,
        percentile_cont(0.5) within group (order by in_real_dollars.real_revenue) as median_real_revenue
    from movies.box_office_real as in_real_dollars
    inner join movies.date as calendar on in_real_dollars.release_date = calendar.release_date
    group by calendar.quarter, in_real_dollars.base_month
),

measured as (
    select
        quarter,
        cast(movie_count as bigint) as movie_count,
        real_revenue,
        cast(round(real_revenue / movie_count, 2) as numeric(24, 2)) as mean_real_revenue,
        cast(median_real_revenue as numeric(24, 2)) as median_real_revenue,
        base_month
    from per_quarter
)

select
    cast(row_number() over (
        order by mean_real_revenue desc, quarter asc
    ) as integer) as position,
    quarter,
    movie_count,
    real_revenue,
    mean_real_revenue,
    median_real_revenue,
    base_month
from measured;
