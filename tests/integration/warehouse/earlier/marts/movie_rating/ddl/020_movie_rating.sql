-- How each rated film is rated; bayesian_rating pulls films with few ratings towards the mean of all.
create table movies.movie_rating (
    movie_id integer not null,
    title varchar(300),
    release_date date,
    rating_count bigint not null,
    mean_rating numeric(6, 4) not null,
    bayesian_rating numeric(6, 4) not null
)
diststyle all
sortkey (bayesian_rating);
