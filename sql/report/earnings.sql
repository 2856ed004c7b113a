-- Genres by box office in dollars of base_month, highest first.
select
    genre_name,
    movie_count,
    nominal_revenue,
    real_revenue,
    mean_real_revenue,
    base_month
from movies.highest_earning_genres_real
order by position;
