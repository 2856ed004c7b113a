-- What each table.toml allowed to a run, as it stood then: judging a run needs nothing but the ledger.
-- kind: 'rejected' and 'repaired' are shares of the rows that came in, by reason ('total': of all reasons together);
-- 'history' is measured against the last published run, 'series' against the months that there should be.
-- few: so many rows are never too many. allowed: raised by name for this run alone.
create table movies_ops.load_ceiling (
    run_id varchar(128) not null,
    table_name varchar(128) not null,
    kind varchar(16) not null,
    reason varchar(128) not null,
    ceiling double precision not null,
    few bigint not null,
    allowed boolean not null
)
diststyle all;

-- The days that a table must reach from and to.
create table movies_ops.load_span (
    run_id varchar(128) not null,
    table_name varchar(128) not null,
    first_day date not null,
    last_day date not null
)
diststyle all;
