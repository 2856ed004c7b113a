-- One row: what the answers about money rest on.
with films_with_genre as (
    select distinct movie_id
    from movies.movie_genre
),

counted as (
    select
        sum(
            case
                when extract(month from movies.release_date) = 1 and extract(day from movies.release_date) = 1 then 1
                else 0
            end
        ) as films_on_first_january,
        sum(
            case when films_with_genre.movie_id is null and cpi.consumer_price_index is not null then 1 else 0 end
        ) as films_in_real_dollars_without_genre
    from movies.movies as movies
    left join movies.cpi as cpi on cast(date_trunc('month', movies.release_date) as date) = cpi.date
    left join films_with_genre on movies.movie_id = films_with_genre.movie_id
    where movies.revenue is not null and movies.release_date is not null
)

select
    coverage.movie_count as films,
    coverage.movies_with_revenue as films_with_revenue,
    coverage.movies_with_release_date as films_with_revenue_and_date,
    coverage.revenue_with_release_date as revenue_with_date,
    cast(coalesce(counted.films_on_first_january, 0) as bigint) as films_on_first_january,
    coverage.movies_with_release_date - coverage.movies_with_cpi as films_outside_cpi,
    coverage.revenue_with_release_date - coverage.revenue_with_cpi as revenue_outside_cpi,
    cast(coalesce(counted.films_in_real_dollars_without_genre, 0) as bigint) as films_in_real_dollars_without_genre,
    coverage.first_cpi_month,
    coverage.last_cpi_month
from movies.box_office_coverage as coverage
cross join counted;
