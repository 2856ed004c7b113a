insert into movies_ops.quality_metric (run_id, table_name, metric, value)
values (%(run_id)s, %(table_name)s, %(metric)s, %(value)s);
