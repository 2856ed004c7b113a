-- A genre of TMDB.
-- The key is not enforced by Redshift but trusted by its planner: checks/staged proves it before anything is published.
create table movies.genre (
    genre_id integer not null,
    genre_name varchar(100) not null,
    primary key (genre_id)
)
diststyle all
sortkey (genre_id);

-- The curated columns in the same order (COPY goes by position), wide and nullable: bad data becomes a finding there.
create table movies_staging.genre (
    genre_id integer,
    genre_name varchar(4096)
)
diststyle all
sortkey (genre_id);
