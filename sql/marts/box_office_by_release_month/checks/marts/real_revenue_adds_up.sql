-- severity: error
with base as (
    select
        count(*) as movie_count,
        coalesce(sum(real_revenue), 0) as real_revenue
    from movies.box_office_real
)

select
    mart.movie_count as movies_in_mart,
    base.movie_count as movies_with_a_price,
    mart.real_revenue as in_mart,
    base.real_revenue as in_movies
from (
    select
        sum(real_movie_count) as movie_count,
        sum(real_revenue) as real_revenue
    from movies.box_office_by_release_month
) as mart
cross join base
where
    mart.movie_count is null
    or mart.movie_count <> base.movie_count
    or mart.real_revenue <> base.real_revenue;
