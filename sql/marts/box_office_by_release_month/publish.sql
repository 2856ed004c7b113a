-- Films with known revenue and release date; a month without such a film has a row with count and revenue 0.
-- Two medians are two groupings: on Redshift all PERCENTILE_CONTs of a query block must have the same ORDER BY.
delete from movies.box_office_by_release_month;

insert into movies.box_office_by_release_month (
    month, quarter, movie_count, revenue, mean_revenue, median_revenue,
    real_movie_count, real_revenue, mean_real_revenue, median_real_revenue, base_month
)
with months as (
    select
        1 as month,
        1 as quarter
    union all
    select
        2 as month,
        1 as quarter
    union all
    select
        3 as month,
        1 as quarter
    union all
    select
        4 as month,
        2 as quarter
    union all
    select
        5 as month,
        2 as quarter
    union all
    select
        6 as month,
        2 as quarter
    union all
    select
        7 as month,
        3 as quarter
    union all
    select
        8 as month,
        3 as quarter
    union all
    select
        9 as month,
        3 as quarter
    union all
    select
        10 as month,
        4 as quarter
    union all
    select
        11 as month,
        4 as quarter
    union all
    select
        12 as month,
        4 as quarter
),

per_month as (
    select
        calendar.month,
        count(*) as movie_count,
        sum(movies.revenue) as revenue,
        percentile_cont(0.5) within group (order by movies.revenue) as median_revenue
    from movies.movies as movies
    inner join movies.date as calendar on movies.release_date = calendar.release_date
    where movies.revenue is not null
    group by calendar.month
),

real_per_month as (
    select
        calendar.month,
        cast(count(*) as numeric(10, 0)) as movie_count,
        cast(sum(in_real_dollars.real_revenue) as numeric(24, 2)) as real_revenue,
        percentile_cont(0.5) within group (order by in_real_dollars.real_revenue) as median_real_revenue
    from movies.box_office_real as in_real_dollars
    inner join movies.date as calendar on in_real_dollars.release_date = calendar.release_date
    group by calendar.month
),

base as (
    select max(base_month) as base_month
    from movies.box_office_real
)

select
    months.month,
    months.quarter,
    coalesce(per_month.movie_count, 0) as movie_count,
    cast(coalesce(per_month.revenue, 0) as bigint) as revenue,
    cast(
        round(
            cast(per_month.revenue as numeric(20, 2)) / cast(per_month.movie_count as numeric(12, 0)), 2
        ) as numeric(20, 2)
    ) as mean_revenue,
    cast(per_month.median_revenue as numeric(20, 2)) as median_revenue,
    cast(coalesce(real_per_month.movie_count, 0) as bigint) as real_movie_count,
    cast(coalesce(real_per_month.real_revenue, 0) as numeric(24, 2)) as real_revenue,
    cast(round(real_per_month.real_revenue / real_per_month.movie_count, 2) as numeric(24, 2)) as mean_real_revenue,
    cast(real_per_month.median_real_revenue as numeric(24, 2)) as median_real_revenue,
    base.base_month
from months
cross join base
left join per_month on months.month = per_month.month
left join real_per_month on months.month = real_per_month.month;
