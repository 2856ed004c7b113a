-- What migrating itself needs; every statement may run twice.
create schema if not exists movies_ops;

-- An empty table that serves as the one lock of all writers: LOCK on a table that readers use would stop the readers.
create table if not exists movies_ops.load_lock (
    dummy smallint
)
diststyle all;

create table if not exists movies_ops.schema_version (
    version integer not null,
    name varchar(256) not null,
    sha256 varchar(64) not null,
    applied_at timestamp not null
)
diststyle all;
