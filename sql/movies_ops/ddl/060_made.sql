-- Which curated data a run is about: the key of what each application made of its sources.
create table movies_ops.load_made (
    run_id varchar(128) not null,
    application varchar(128) not null,
    made varchar(64) not null
)
diststyle all;
