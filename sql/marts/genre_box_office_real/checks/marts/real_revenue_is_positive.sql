-- severity: error
select
    genre_name,
    nominal_revenue,
    real_revenue
from movies.genre_box_office_real
where real_revenue <= 0 or mean_real_revenue <= 0 or nominal_revenue <= 0;
