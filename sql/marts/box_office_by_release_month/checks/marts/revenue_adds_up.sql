-- severity: error
with base as (
    select coalesce(sum(revenue), 0) as revenue
    from movies.movies
    where release_date is not null
)

select
    mart.revenue as in_mart,
    base.revenue as in_movies
from (select sum(revenue) as revenue from movies.box_office_by_release_month) as mart
cross join base
where mart.revenue <> base.revenue;
