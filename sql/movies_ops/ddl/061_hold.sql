-- Runs whose rows are to stay, whatever a schedule starts, until somebody releases them.
create table movies_ops.load_hold (
    run_id varchar(128) not null,
    -- the run whose data this one brought back
    restores varchar(128),
    since timestamp not null,
    released_at timestamp
)
diststyle all;
