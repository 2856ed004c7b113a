-- Calendar months in which a film of known box office was released, best first; beside them the same in real dollars.
select
    nominal.month as number,
    nominal.movie_count,
    nominal.revenue,
    nominal.mean_revenue,
    nominal.median_revenue,
    coalesce(in_real_dollars.movie_count, 0) as real_movie_count,
    in_real_dollars.mean_real_revenue,
    in_real_dollars.median_real_revenue
from movies.best_release_months as nominal
left join movies.best_release_months_real as in_real_dollars on nominal.month = in_real_dollars.month
where nominal.movie_count > 0
order by nominal.position;
