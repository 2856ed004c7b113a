-- What genres add up, so that they need not go through all ratings again.
alter table movies.movie_rating add column rating_sum numeric(16, 4);
