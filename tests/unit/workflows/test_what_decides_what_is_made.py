"""What an application makes is named by its own code: nothing else makes it anew, and nothing of it is missed."""

import shutil
from pathlib import Path

import pytest
from movalytics_workflows.digest import application_digest, code_digest
from movalytics_workflows.house import SPARK_APPS, SQL

CATALOGUE, RATINGS = "transform-catalogue", "transform-ratings"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in (SPARK_APPS, SQL):
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def digests(tree: Path) -> tuple[str, str, str]:
    """Of the catalogue, of ratings, and of all code."""
    places = tree / SPARK_APPS.name, tree / SQL.name
    return application_digest(CATALOGUE, *places), application_digest(RATINGS, *places), code_digest(*places)


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ("spark_apps/transform_catalogue.py", (True, False, True)),
        ("spark_apps/movalytics_spark/cpi.py", (True, False, True)),
        ("spark_apps/movalytics_spark/ratings.py", (False, True, True)),
        ("spark_apps/movalytics_spark/literals.py", (True, True, True)),  # imported by both, by way of others
        ("sql/marts/movie_rating/publish.sql", (False, False, True)),
    ],
)
def test_a_changed_file_makes_anew_what_it_decides(tree: Path, changed: str, anew: tuple[bool, bool, bool]) -> None:
    before = digests(tree)
    with (tree / changed).open("a") as file:
        file.write("\n# another line\n" if changed.endswith(".py") else "\n-- another line\n")
    assert tuple(now != then for now, then in zip(digests(tree), before, strict=True)) == anew


def test_a_changed_ceiling_makes_nothing_anew_and_a_changed_type_does(tree: Path) -> None:
    before, path = digests(tree), tree / "sql/ratings/table.toml"
    path.write_text(path.read_text().replace("few = ", "few = 1"))
    assert digests(tree)[:2] == before[:2]
    path.write_text(path.read_text().replace('type = "bigint"', 'type = "integer"', 1))
    assert digests(tree)[0] == before[0]
    assert digests(tree)[1] != before[1]
