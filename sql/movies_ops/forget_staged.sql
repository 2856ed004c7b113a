-- The staging table was made anew: nothing lies in it.
delete from movies_ops.staging_content
where table_name = %(table_name)s;
