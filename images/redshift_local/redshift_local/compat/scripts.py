"""The SQL that makes PostgreSQL answer as Redshift does, in the order in which it is run."""

from pathlib import Path

SYSTEM_CATALOG = Path(__file__).with_name("system_catalog.sql")
NAMES = ("compat", "dates", "numbers", "strings", "zone_maps", "parallel")
SCRIPTS = [*(Path(__file__).with_name(f"{name}.sql") for name in NAMES), SYSTEM_CATALOG]
