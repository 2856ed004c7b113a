-- severity: error
select
    table_name,
    staged_rows,
    published_rows
from movies_ops.load_table
where
    run_id = %(run_id)s
    and manifest_digest is not null
    and (published_rows is null or published_rows <> staged_rows);
