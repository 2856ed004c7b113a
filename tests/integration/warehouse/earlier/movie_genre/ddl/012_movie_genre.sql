-- Which film is of which genre.
-- The key is not enforced by Redshift but trusted by its planner: checks/staged proves it before anything is published.
create table movies.movie_genre (
    movie_id integer not null,
    genre_id integer not null,
    primary key (movie_id, genre_id)
)
distkey (movie_id)
sortkey (movie_id, genre_id);

-- The curated columns in the same order (COPY goes by position), wide and nullable: bad data becomes a finding there.
create table movies_staging.movie_genre (
    movie_id integer,
    genre_id integer
)
distkey (movie_id)
sortkey (movie_id, genre_id);
