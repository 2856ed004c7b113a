-- severity: error
with base as (
    select coalesce(sum(movies.revenue), 0) as revenue
    from movies.movies as movies
    inner join movies.movie_genre as movie_genre on movies.movie_id = movie_genre.movie_id
    inner join movies.cpi as cpi on cast(date_trunc('month', movies.release_date) as date) = cpi.date
    where cpi.consumer_price_index is not null
)

select
    mart.revenue as in_mart,
    base.revenue as in_movies
from (select coalesce(sum(nominal_revenue), 0) as revenue from movies.genre_box_office_real) as mart
cross join base
where mart.revenue <> base.revenue;
