-- A film of TMDB; budget and revenue are null when unknown.
-- The key is not enforced by Redshift but trusted by its planner: checks/staged proves it before anything is published.
create table movies.movies (
    movie_id integer not null,
    is_adult boolean,
    budget bigint,
    original_language varchar(10),
    title varchar(300),
    popularity numeric(12, 6),
    release_date date,
    revenue bigint,
    vote_count integer,
    vote_average numeric(3, 1),
    primary key (movie_id)
)
distkey (movie_id)
sortkey (movie_id);

-- The curated columns in the same order (COPY goes by position), wide and nullable: bad data becomes a finding there.
create table movies_staging.movies (
    movie_id integer,
    is_adult boolean,
    budget bigint,
    original_language varchar(256),
    title varchar(4096),
    popularity double precision,
    release_date date,
    revenue bigint,
    vote_count integer,
    vote_average double precision
)
distkey (movie_id)
sortkey (movie_id);
