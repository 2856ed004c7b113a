"""What becomes of a sort key: zone maps, by which a range of it is found without reading all rows (zone_maps.sql)."""

from collections.abc import Sequence

from redshift_local.quoting import literal


def keep(table: str, sort_key: Sequence[str]) -> str:
    """For a new table; empty when it is not sorted."""
    columns = literal(", ".join(sort_key))
    return f"SELECT rs_compat.keep_zone_map({literal(table)}::regclass, {columns})" if sort_key else ""


def extend(table: str, is_copied: bool = False) -> str:
    """For a table that has got many rows, by COPY or otherwise."""
    return f"SELECT rs_compat.extend_zone_map({literal(table)}::regclass, {is_copied})"
