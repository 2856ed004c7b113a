-- One row: what the answers about ratings rest on.
with given as (
    select
        cast(sum(rating_count) as bigint) as ratings,
        cast(sum(rating_sum) as numeric(16, 4)) as rating_sum
    from movies.movie_rating
),

-- Counting the users of all ratings takes longer than all else on the page.
raters as (
    select count(distinct user_id) as users
    from movies.user_genre_by_year
),

span as (
    select
        min(rated_at) as first_rating,
        max(rated_at) as last_rating
    from movies.ratings
),

films_with_genre as (
    select distinct movie_id
    from movies.movie_genre
),

rated as (
    select
        count(*) as rated_films,
        coalesce(
            sum(case when films_with_genre.movie_id is null then movie_rating.rating_count else 0 end), 0
        ) as ratings_without_genre
    from movies.movie_rating as movie_rating
    left join films_with_genre on movie_rating.movie_id = films_with_genre.movie_id
),

catalogue as (
    select count(*) as films
    from movies.movies
)

select
    given.ratings,
    raters.users,
    rated.rated_films,
    catalogue.films,
    cast(
        round(given.rating_sum / cast(nullif(given.ratings, 0) as numeric(12, 0)), 10) as numeric(12, 10)
    ) as mean_rating,
    span.first_rating,
    span.last_rating,
    cast(rated.ratings_without_genre as bigint) as ratings_without_genre,
    added.rating_count as prior_ratings
from given
cross join raters
cross join span
cross join rated
cross join catalogue
cross join movies.rating_prior as added;
