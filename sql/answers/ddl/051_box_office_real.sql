-- One row per film whose box office can be told in real dollars: revenue x CPI(base month) / CPI(release month), to the
-- cent. The base is the latest month with a value; a film released in a month without one is not here.
create view movies.box_office_real as
with latest as (
    select max(date) as base_month
    from movies.cpi
    where consumer_price_index is not null
),

base as (
    select
        latest.base_month,
        cpi.consumer_price_index as base_index
    from latest
    inner join movies.cpi as cpi on latest.base_month = cpi.date
)

select
    movies.movie_id,
    movies.release_date,
    movies.revenue,
    cast(
        round(
            cast(movies.revenue as numeric(16, 0)) * base.base_index / cpi.consumer_price_index, 2
        ) as numeric(20, 2)
    ) as real_revenue,
    base.base_month
from movies.movies as movies
inner join movies.cpi as cpi on cast(date_trunc('month', movies.release_date) as date) = cpi.date
cross join base
where movies.revenue is not null and cpi.consumer_price_index is not null;
