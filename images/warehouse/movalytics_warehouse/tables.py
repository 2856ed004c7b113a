"""The tables and marts of schema `movies`, each in the order in which it can be filled."""

TABLES = ("movies", "genre", "movie_genre", "date", "ratings", "cpi")
# genre_popularity counts the rated films of movie_rating.
MARTS = ("movie_rating", "genre_popularity", "box_office_by_release_month", "genre_box_office_real")
