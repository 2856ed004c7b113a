-- Curated data that retention takes away: said here before the first file goes. A run that needs them makes them anew
-- and takes the row away; the others remain and say what became of an earlier run's data.
create table movies_ops.load_condemned (
    application varchar(128) not null,
    made varchar(64) not null,
    condemned_at timestamp not null
)
diststyle all;
