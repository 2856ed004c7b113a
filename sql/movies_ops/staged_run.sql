-- The run whose rows of this table lie in staging.
select run_id
from movies_ops.staging_content
where table_name = %(table_name)s;
