-- What stood below sql/ when a run was planned, file by file: which check, mart, declaration or query another run had
-- otherwise. Runs of before this file have none.
create table movies_ops.load_code (
    run_id varchar(128) not null,
    path varchar(512) not null,
    digest varchar(64) not null
)
diststyle all;

-- The page's answers, a sentence each.
create table movies_ops.load_answer (
    run_id varchar(128) not null,
    answer varchar(128) not null,
    headline varchar(2000) not null
)
diststyle all;
