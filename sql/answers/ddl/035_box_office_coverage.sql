-- One row: what the answers about money rest on. Films released outside the CPI series have no real revenue.
create view movies.box_office_coverage as
with series as (
    select
        min(date) as first_cpi_month,
        max(date) as base_month
    from movies.cpi
    where consumer_price_index is not null
),

films as (
    select
        movies.revenue,
        case when movies.release_date is not null then movies.revenue end as dated_revenue,
        case when cpi.consumer_price_index is not null then movies.revenue end as real_revenue
    from movies.movies as movies
    left join movies.cpi as cpi on cast(date_trunc('month', movies.release_date) as date) = cpi.date
),

counted as (
    select
        count(*) as movie_count,
        count(revenue) as movies_with_revenue,
        count(dated_revenue) as movies_with_release_date,
        count(real_revenue) as movies_with_cpi,
        cast(coalesce(sum(revenue), 0) as bigint) as revenue,
        cast(coalesce(sum(dated_revenue), 0) as bigint) as revenue_with_release_date,
        cast(coalesce(sum(real_revenue), 0) as bigint) as revenue_with_cpi
    from films
)

select
    counted.movie_count,
    counted.movies_with_revenue,
    counted.movies_with_release_date,
    counted.movies_with_cpi,
    counted.revenue,
    counted.revenue_with_release_date,
    counted.revenue_with_cpi,
    series.base_month,
    series.first_cpi_month,
    series.base_month as last_cpi_month
from counted
cross join series;
