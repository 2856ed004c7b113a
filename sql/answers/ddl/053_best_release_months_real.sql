-- When to release, in dollars of base_month: months by mean real revenue of the films whose prices are known. A view of
-- its own: CREATE OR REPLACE VIEW must keep the columns of movies.best_release_months.
create view movies.best_release_months_real as
select
    cast(row_number() over (
        order by mean_real_revenue desc, month asc
    ) as integer) as position,
    month,
    quarter,
    real_movie_count as movie_count,
    real_revenue,
    mean_real_revenue,
    median_real_revenue,
    base_month
from movies.box_office_by_release_month
where real_movie_count > 0;
