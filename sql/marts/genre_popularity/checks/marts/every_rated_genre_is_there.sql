-- severity: error
select distinct movie_genre.genre_id
from movies.movie_rating as movie_rating
inner join movies.movie_genre as movie_genre on movie_rating.movie_id = movie_genre.movie_id
inner join movies.genre as genre on movie_genre.genre_id = genre.genre_id
left join movies.genre_popularity as genre_popularity on genre.genre_name = genre_popularity.genre_name
where genre_popularity.genre_name is null;
