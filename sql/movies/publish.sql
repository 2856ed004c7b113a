-- DELETE, not TRUNCATE: that commits on Redshift. Readers see the last committed rows meanwhile.
delete from movies.movies;

insert into movies.movies (
    movie_id,
    is_adult,
    budget,
    original_language,
    title,
    popularity,
    release_date,
    revenue,
    vote_count,
    vote_average
)
select
    movie_id,
    is_adult,
    budget,
    cast(original_language as varchar(10)) as original_language,
    cast(title as varchar(300)) as title,
    cast(popularity as numeric(12, 6)) as popularity,
    release_date,
    revenue,
    vote_count,
    cast(vote_average as numeric(3, 1)) as vote_average
from movies_staging.movies;
