"""Digests of the code that decides what is made: by application what Spark makes, and in all what the tables hold."""

import ast
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from movalytics_workflows.house import DERIVING, KINDS, SPARK_APPS, SQL

PACKAGE = "movalytics_spark"


def code_digest(spark_apps: Path = SPARK_APPS, sql: Path = SQL) -> str:
    """SHA-256 (hex) over names and contents of transforms, SQL, declarations and what makes SQL of them."""
    files = {f"spark_apps/{path.relative_to(spark_apps).as_posix()}": path for path in spark_apps.rglob("*.py")}
    queries = [path for kind in ("*.sql", "*.toml") for path in sql.rglob(kind)]
    files |= {f"sql/{path.relative_to(sql).as_posix()}": path for path in queries}
    for place in DERIVING:
        files |= {f"deriving/{path.name}": path for path in (place.glob("*.py") if place.is_dir() else [place])}
    return _digest({name: path.read_bytes() for name, path in files.items()})


def application_digest(application: str, spark_apps: Path = SPARK_APPS, sql: Path = SQL) -> str:
    """SHA-256 (hex) over the main `transform-…` with the modules that it imports, the columns it has to make and
    what Spark calls their types.

    Of a declaration only columns and types count: a check or a ceiling changes no file that Spark writes.
    """
    main = spark_apps / f"{application.replace('-', '_')}.py"
    modules = {path.relative_to(spark_apps).as_posix(): path.read_bytes() for path in _imported(main, spark_apps)}
    return _digest({**modules, KINDS.name: KINDS.read_bytes(), **_columns(application, sql)})


def _digest(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def _imported(main: Path, spark_apps: Path) -> set[Path]:
    """The module, and all of our package that it imports, directly or not."""
    found, ahead = set(), [main]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += [module for module in map(spark_apps.joinpath, _imports(path)) if module.is_file()]
    return found


def _imports(path: Path) -> Iterable[str]:
    """The files that the imports may mean: `from p import m` names a module, `from p.m import f` something in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                place = str(name).replace(".", "/")
                yield from (f"{place}.py", f"{place}/__init__.py")


def _columns(application: str, sql: Path) -> Mapping[str, bytes]:
    declared = {path.parent.name: tomllib.loads(path.read_text()) for path in sql.glob("*/table.toml")}
    return {
        f"{table}/columns": repr(
            [*((name, column["type"]) for name, column in content["columns"].items()), content.get("partition", "")]
        ).encode()
        for table, content in declared.items()
        if content["application"] == application
    }
