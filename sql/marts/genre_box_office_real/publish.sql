-- Real revenue = revenue x CPI(base month) / CPI(release month), to the cent per film. The base is the latest month
-- with a value; films released in a month without one have no real revenue (see movies.box_office_coverage).
delete from movies.genre_box_office_real;

insert into movies.genre_box_office_real (
    genre_name, movie_count, nominal_revenue, real_revenue, mean_real_revenue, base_month
)
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
),

per_film as (
    select
        movies.movie_id,
        base.base_month,
        movies.revenue,
        cast(
            cast(movies.revenue as numeric(16, 0)) * base.base_index / cpi.consumer_price_index as numeric(20, 2)
        ) as real_revenue
    from movies.movies as movies
    inner join movies.cpi as cpi on cast(date_trunc('month', movies.release_date) as date) = cpi.date
    cross join base
    where movies.revenue is not null and cpi.consumer_price_index is not null
)

select
    genre.genre_name,
    count(*) as movie_count,
    cast(sum(per_film.revenue) as bigint) as nominal_revenue,
    cast(sum(per_film.real_revenue) as numeric(24, 2)) as real_revenue,
    cast(
        cast(sum(per_film.real_revenue) as numeric(24, 2)) / cast(count(*) as numeric(10, 0)) as numeric(24, 2)
    ) as mean_real_revenue,
    per_film.base_month
from per_film
inner join movies.movie_genre as movie_genre on per_film.movie_id = movie_genre.movie_id
inner join movies.genre as genre on movie_genre.genre_id = genre.genre_id
group by genre.genre_name, per_film.base_month;
