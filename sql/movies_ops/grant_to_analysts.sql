-- Analysts read schema movies and nothing else; granted anew after each migration, which may have added tables.
grant usage on schema movies to group analysts;

grant select on all tables in schema movies to group analysts;
