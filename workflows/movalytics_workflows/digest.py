"""The digest of the code that decides what the tables hold: a changed transform or SQL file is a new run."""

import hashlib
from pathlib import Path

from movalytics_workflows.house import SPARK_APPS, SQL


def code_digest(spark_apps: Path = SPARK_APPS, sql: Path = SQL) -> str:
    """SHA-256 (hex) over names and contents of `spark_apps/**/*.py` and `sql/**/*.sql`, in the order of their names."""
    files = [(f"spark_apps/{path.relative_to(spark_apps).as_posix()}", path) for path in spark_apps.rglob("*.py")]
    files += [(f"sql/{path.relative_to(sql).as_posix()}", path) for path in sql.rglob("*.sql")]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
