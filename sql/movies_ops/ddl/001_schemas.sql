-- movies: what analysts read. movies_staging: one run's curated rows as they came.
create schema if not exists movies;

create schema if not exists movies_staging;
