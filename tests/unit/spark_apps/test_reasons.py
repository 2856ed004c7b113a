"""The reasons: one list per table in code, and the README's table of them."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from movalytics_common.declaration import inputs, tables
from movalytics_spark import movies, validation

README = (Path(__file__).parents[3] / "spark_apps/README.md").read_text()
NAMES = [*tables(), *inputs()]


def documented() -> dict[tuple[str, str], set[str]]:
    """(table, kind) to the reasons that the README explains."""
    found: dict[tuple[str, str], set[str]] = {}
    rows = README.split("| table | kind |")[1].split("\n\n")[0].splitlines()[2:]
    tables = kinds = ""
    for row in rows:
        table, kind, reasons, _ = (cell.strip() for cell in row.strip("|").split("|"))
        tables, kinds = table or tables, kind or kinds
        for key in [(name, kind) for name in tables.split(", ") for kind in kinds.split(", ")]:
            film = movies.REJECTIONS if key[1] == "rejected" else movies.MERGES
            found.setdefault(key, set()).update(film if reasons == "a film's reason" else reasons.split(", "))
    return found


@pytest.fixture(params=NAMES)
def module(request: Any) -> Any:
    return import_module(f"movalytics_spark.{request.param}")


def test_the_readme_explains_every_reason_and_no_other(module: Any) -> None:
    name, explained = module.__name__.rpartition(".")[2], documented()
    for kind, reasons in {"rejected": "REJECTIONS", "merged": "MERGES", "repaired": "REPAIRS"}.items():
        assert explained.get((name, kind), set()) ^ set(getattr(module, reasons)) == set(), (
            f"write it as {kind} of {name} in the table of reasons of spark_apps/README.md, "
            f"or in {reasons} of spark_apps/movalytics_spark/{name}.py"
        )


def test_a_reason_merges_or_rejects_everywhere_alike(module: Any) -> None:
    assert set(module.MERGES) <= set(validation.MERGES)
    assert not set(module.REJECTIONS) & set(validation.MERGES)


def test_a_reason_is_a_word_of_sql(module: Any) -> None:
    assert all(re.fullmatch("[a-z_]+", reason) for reason in (*module.REJECTIONS, *module.MERGES, *module.REPAIRS))
