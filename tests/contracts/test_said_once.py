"""Tables and columns are listed in their declarations and nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from movalytics_common.declaration import marts, tables

ROOT = Path(__file__).parents[2]
COMPONENTS = ("images", "spark_apps", "workflows", "tests")
FILES = [path for folder in COMPONENTS for path in sorted((ROOT / folder).rglob("*.py"))]
NAMES = {*tables(), *marts()}
COLUMNS = [{column.name for column in table.columns} for table in tables().values() if len(table.columns) > 3]


def listed(path: Path) -> Iterator[tuple[int, set[str]]]:
    """Line and texts of every list, tuple or set of texts in a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            yield node.lineno, {item.value for item in node.elts if isinstance(item, ast.Constant)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_lists_the_tables_or_all_columns_of_one(path: Path) -> None:
    found = [
        line
        for line, texts in listed(path)
        if texts >= set(tables()) or len(texts & NAMES) > len(NAMES) // 2 or any(texts >= every for every in COLUMNS)
    ]
    assert found == [], "take them from movalytics_common.declaration"
