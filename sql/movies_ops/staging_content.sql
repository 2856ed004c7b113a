select
    table_name,
    run_id,
    manifest_digest
from movies_ops.staging_content
order by table_name;
