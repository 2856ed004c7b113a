-- What a run says of its tables, partition by partition ('' in a table that has none): rows, a digest of the content
-- that does not depend on their order, and control totals. What the published run says is what the tables hold.
create table movies_ops.load_partition (
    run_id varchar(128) not null,
    table_name varchar(128) not null,
    partition_name varchar(16) not null,
    row_count bigint not null,
    content_digest varchar(64) not null,
    -- column=total with blanks between
    control_totals varchar(4000) not null
)
diststyle all;

-- What publishing a run changed in its tables, by primary key.
create table movies_ops.load_change (
    run_id varchar(128) not null,
    table_name varchar(128) not null,
    rows_added bigint not null,
    rows_changed bigint not null,
    rows_removed bigint not null
)
diststyle all;
