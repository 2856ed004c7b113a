insert into movies_ops.load_partition (
    run_id, table_name, partition_name, row_count, content_digest, control_totals
)
values (
    %(run_id)s, %(table_name)s, %(partition_name)s, %(row_count)s, %(content_digest)s, %(control_totals)s
);
