"""The digest of the code that decides what the tables hold: a changed transform, SQL file or ceiling is a new run."""

import hashlib
from pathlib import Path

from movalytics_workflows.house import DERIVING, SPARK_APPS, SQL


def code_digest(spark_apps: Path = SPARK_APPS, sql: Path = SQL) -> str:
    """SHA-256 (hex) over names and contents of transforms, SQL, declarations and what makes SQL of them, by name."""
    files = [(f"spark_apps/{path.relative_to(spark_apps).as_posix()}", path) for path in spark_apps.rglob("*.py")]
    queries = [path for kind in ("*.sql", "*.toml") for path in sql.rglob(kind)]
    files += [(f"sql/{path.relative_to(sql).as_posix()}", path) for path in queries]
    files += [
        (f"deriving/{path.name}", path)
        for place in DERIVING
        for path in (place.glob("*.py") if place.is_dir() else [place])
    ]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
