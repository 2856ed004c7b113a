-- Films released in a month without a price have no real revenue (see movies.box_office_coverage).
delete from movies.genre_box_office_real;

insert into movies.genre_box_office_real (
    genre_name, movie_count, nominal_revenue, real_revenue, mean_real_revenue, base_month
)
select
    genre.genre_name,
    count(*) as movie_count,
    cast(sum(in_real_dollars.revenue) as bigint) as nominal_revenue,
    cast(sum(in_real_dollars.real_revenue) as numeric(24, 2)) as real_revenue,
    cast(
        round(
            cast(sum(in_real_dollars.real_revenue) as numeric(24, 2)) / cast(count(*) as numeric(10, 0)), 2
        ) as numeric(24, 2)
    ) as mean_real_revenue,
    in_real_dollars.base_month
from movies.box_office_real as in_real_dollars
inner join movies.movie_genre as movie_genre on in_real_dollars.movie_id = movie_genre.movie_id
inner join movies.genre as genre on movie_genre.genre_id = genre.genre_id
group by genre.genre_name, in_real_dollars.base_month;
