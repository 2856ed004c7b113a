analyze movies.movies;

analyze movies.genre;

analyze movies.movie_genre;

analyze movies.date;

analyze movies.ratings;

analyze movies.cpi;

analyze movies.movie_rating;

analyze movies.genre_popularity;

analyze movies.box_office_by_release_month;

analyze movies.genre_box_office_real;
