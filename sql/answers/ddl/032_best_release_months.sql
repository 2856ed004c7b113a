-- When to release: calendar months by mean revenue per film; the median beside it shows what a typical film earns.
create view movies.best_release_months as
select
    cast(row_number() over (
        order by coalesce(mean_revenue, 0) desc, month asc
    ) as integer) as position,
    month,
    quarter,
    movie_count,
    revenue,
    mean_revenue,
    median_revenue
from movies.box_office_by_release_month;
