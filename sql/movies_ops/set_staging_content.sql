delete from movies_ops.staging_content
where table_name = %(table_name)s;

insert into movies_ops.staging_content (table_name, run_id, manifest_digest, staged_at)
values (%(table_name)s, %(run_id)s, %(manifest_digest)s, %(now)s);
