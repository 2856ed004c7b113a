-- Quarters in which a film of known box office was released, best first; beside them the same in real dollars.
select
    nominal.quarter as number,
    nominal.movie_count,
    nominal.revenue,
    nominal.mean_revenue,
    nominal.median_revenue,
    coalesce(in_real_dollars.movie_count, 0) as real_movie_count,
    in_real_dollars.mean_real_revenue,
    in_real_dollars.median_real_revenue
from movies.best_release_quarters as nominal
left join movies.best_release_quarters_real as in_real_dollars on nominal.quarter = in_real_dollars.quarter
where nominal.movie_count > 0
order by nominal.position;
