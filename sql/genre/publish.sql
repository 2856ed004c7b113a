-- DELETE, not TRUNCATE: that commits on Redshift. Readers see the last committed rows meanwhile.
delete from movies.genre;

insert into movies.genre (
    genre_id,
    genre_name
)
select
    genre_id,
    cast(genre_name as varchar(100)) as genre_name
from movies_staging.genre;
