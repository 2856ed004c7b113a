-- How much each genre is rated, by how many users.
create table movies.genre_popularity (
    genre_name varchar(100) not null,
    rating_count bigint not null,
    user_count bigint not null,
    movie_count bigint not null,
    mean_rating numeric(6, 4) not null
)
diststyle all
sortkey (rating_count);
