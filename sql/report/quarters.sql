-- Quarters in which a film of known box office was released, best first.
select
    quarter as number,
    movie_count,
    revenue,
    mean_revenue,
    median_revenue
from movies.best_release_quarters
where movie_count > 0
order by position;
