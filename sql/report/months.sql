-- Calendar months in which a film of known box office was released, best first.
select
    month as number,
    movie_count,
    revenue,
    mean_revenue,
    median_revenue
from movies.best_release_months
where movie_count > 0
order by position;
