-- What the checks found, and the measures that later runs are compared with.
create table movies_ops.quality_result (
    run_id varchar(128) not null,
    stage varchar(16) not null,
    check_name varchar(128) not null,
    table_name varchar(128) not null,
    severity varchar(8) not null,
    state varchar(8) not null,
    violations bigint,
    sample varchar(4000),
    seconds double precision not null,
    checked_at timestamp not null,
    -- what was checked: sha256 over the digests of the run's manifests
    content_digest varchar(64)
)
diststyle all;

create table movies_ops.quality_metric (
    run_id varchar(128) not null,
    table_name varchar(128) not null,
    metric varchar(128) not null,
    value double precision
)
diststyle all;
