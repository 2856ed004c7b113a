-- DELETE, not TRUNCATE: that commits on Redshift. Readers see the last committed rows meanwhile.
delete from movies.movie_genre;

insert into movies.movie_genre (
    movie_id,
    genre_id
)
select
    movie_id,
    genre_id
from movies_staging.movie_genre;
