select
    table_name,
    published_rows,
    table_digest
from movies_ops.load_table
where run_id = %(run_id)s and published_rows is not null
order by table_name;
