-- The ledger: which run planned, staged and published what.
create table movies_ops.load_run (
    run_id varchar(128) not null,
    attempt bigint not null,
    movies_version varchar(128) not null,
    cpi_version varchar(128) not null,
    code_digest varchar(64) not null,
    forced boolean not null,
    planned_at timestamp not null,
    staged_at timestamp,
    published_at timestamp,
    outcome varchar(32),
    message varchar(2000),
    -- sha256 over the manifests' digests, set when the run is published
    published_digest varchar(64)
)
diststyle all;

create table movies_ops.load_table (
    run_id varchar(128) not null,
    table_name varchar(128) not null,
    manifest_digest varchar(64),
    rows_in bigint,
    rows_out bigint,
    rows_rejected bigint,
    staged_rows bigint,
    published_rows bigint,
    table_digest varchar(64)
)
diststyle all;

create table movies_ops.load_rejected (
    run_id varchar(128) not null,
    table_name varchar(128) not null,
    reason varchar(128) not null,
    row_count bigint not null
)
diststyle all;

-- Whose rows lie in movies_staging now: runs share it.
create table movies_ops.staging_content (
    table_name varchar(128) not null,
    run_id varchar(128) not null,
    manifest_digest varchar(64) not null,
    staged_at timestamp not null
)
diststyle all;
