-- severity: error
select
    month,
    movie_count,
    real_movie_count,
    real_revenue,
    mean_real_revenue,
    median_real_revenue
from movies.box_office_by_release_month
where
    real_movie_count > movie_count
    or (real_movie_count = 0 and coalesce(mean_real_revenue, median_real_revenue, real_revenue) <> 0)
    or (real_movie_count > 0 and (mean_real_revenue is null or median_real_revenue is null))
    or (real_movie_count > 0 and real_revenue <= 0)
    or mean_real_revenue > real_revenue
    or median_real_revenue > real_revenue;
