"""What the published tables and marts hold, as digests of the rows that are there: not what anybody says of them."""

from movalytics_common.declaration import tables_and_marts
from movalytics_warehouse.derived import digest

EVERY_DIGEST = " union all ".join(
    f"select '{table.name}' as table_name, table_digest from ({digest(table)}) as of_{table.name}"
    for table in tables_and_marts()
)
