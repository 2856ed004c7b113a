-- A rating of a film by a user; user_movie_id = user_id * 2^32 + movie_id.
-- rating has a scale because a bare NUMERIC is (18, 0) and would turn 3.5 into 4.
-- The key is not enforced by Redshift but trusted by its planner: checks/staged proves it before anything is published.
create table movies.ratings (
    user_movie_id bigint not null,
    user_id integer not null,
    movie_id integer not null,
    rating numeric(2, 1) not null,
    rated_at timestamp,
    primary key (user_id, movie_id)
)
distkey (movie_id)
sortkey (movie_id, user_id);

-- The curated columns in the same order (COPY goes by position), wide and nullable: bad data becomes a finding there.
create table movies_staging.ratings (
    user_movie_id bigint,
    user_id integer,
    movie_id integer,
    rating double precision,
    rated_at timestamp
)
distkey (movie_id)
sortkey (movie_id, user_id);
