delete from movies.movie_rating_by_year
where rated_year >= extract(year from cast(%(event_time_start)s as timestamp));

insert into movies.movie_rating_by_year (movie_id, rated_year, rating_count, rating_sum)
select
    movie_id,
    cast(extract(year from rated_at) as integer) as rated_year,
    count(*) as rating_count,
    cast(sum(rating) as numeric(16, 4)) as rating_sum
from movies.ratings
where rated_at >= cast(%(event_time_start)s as timestamp)
group by movie_id, cast(extract(year from rated_at) as integer);
