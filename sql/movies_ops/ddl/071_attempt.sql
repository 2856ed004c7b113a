-- How each attempt of a run ended, the first and those by which it was tried again; of some runs the ledger knows no
-- more than this, as they never came to plan. load_run tells the last attempt's outcome.
create table movies_ops.load_attempt (
    run_id varchar(128) not null,
    attempt bigint not null,
    started_at timestamp,
    finished_at timestamp not null,
    outcome varchar(32) not null,
    message varchar(2000) not null
)
diststyle all;
