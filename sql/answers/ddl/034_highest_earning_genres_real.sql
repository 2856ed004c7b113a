-- Which genres earned most in real dollars (of base_month): by the sum over their films.
create view movies.highest_earning_genres_real as
select
    cast(row_number() over (
        order by real_revenue desc, genre_name asc
    ) as integer) as position,
    genre_name,
    movie_count,
    nominal_revenue,
    real_revenue,
    mean_real_revenue,
    base_month
from movies.genre_box_office_real;
