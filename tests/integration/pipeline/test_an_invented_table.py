"""A table and a mart take four places and one line for their raw file; each that is forgotten is named."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.copied_tree import copied_tree
from tests.integration.quick_java import TINY, quick_environment

INVENTED = Path(__file__).parent / "invented"
APPLICATION, MEMBERS = Path("spark_apps/transform_catalogue.py"), Path("images/extract/movalytics_extract/members.py")
DECLARATION, TRANSFORM = Path("sql/award/table.toml"), Path("spark_apps/movalytics_spark/award.py")
STATEMENT = Path("sql/marts/awards_by_year/publish.sql")
READ = '    won = read_small(spark, directory, "awards.csv", COLUMNS)'
FIRST = '\n        "movies": '
FILMS = f"    return {{{FIRST}"
LINE = '\n        "award": (awards(won.frame), won.rows),'
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the tree and an environment of its own, to which the invented table and mart are added."""
    tree = copied_tree(tmp_path / "tree")
    for folder in ("sql", "spark_apps"):
        shutil.copytree(INVENTED / folder, tree / folder, dirs_exist_ok=True)
    edit(tree / MEMBERS, '"ratings.csv")', '"ratings.csv", "awards.csv")')
    edit(tree / APPLICATION, "import dates\n", "import dates\nfrom movalytics_spark.award import COLUMNS, awards\n")
    edit(tree / APPLICATION, "read_movies\n", "read_movies\nfrom movalytics_spark.reading import read_small\n")
    edit(tree / APPLICATION, FILMS, f"{READ}\n{FILMS.replace(FIRST, LINE + FIRST)}")
    shutil.copytree(TINY, tmp_path / "source")
    shutil.copytree(INVENTED / "source", tmp_path / "source", dirs_exist_ok=True)
    return tree


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new))


def run(tree: Path) -> "subprocess.CompletedProcess[str]":
    command = [
        tree / ".venv/bin/python",
        "-m",
        "movalytics_workflows",
        "run",
        f"--home={tree / 'home'}",
        f"--source={tree.parent / 'source'}",
    ]
    return subprocess.run(command, capture_output=True, text=True, env=quick_environment())


def test_an_invented_table_and_mart_are_made_loaded_checked_and_reported(tree: Path) -> None:
    answer = run(tree)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    (report,) = (tree / "home").glob("lake/reports/run=*/report.json")
    document = json.loads(report.read_text())
    award, mart = document["tables"]["award"], document["marts"]["awards_by_year"]
    assert award["rejected"] == {"no_movie_id": 1}
    assert award["merged"] == {"merged_duplicate": 1}
    assert award["adds_up"]
    assert award["staged_rows"] == award["published_rows"] == award["rows_out"]
    assert award["table_digest"].startswith(f"{award['rows_out']}-")
    assert mart["table_digest"].startswith(f"{mart['published_rows']}-")
    checked = {(check["table_name"], check["check_name"]): check["state"] for check in document["checks"]}
    names = ["there_are_rows", "movie_id_and_award_are_unique", "movie_id_is_in_movies", "award_fits_its_column"]
    assert [checked["award", name] for name in names] == ["pass"] * len(names)
    assert [checked["awards_by_year", name] for name in ("there_are_rows", "award_count_is_at_least_1")] == ["pass"] * 2
    assert "Awards by year" in (report.parent / "index.html").read_text()


FORGOTTEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "declaration": (lambda tree: (tree / DECLARATION).unlink(), r"sql/award/table.toml"),
    "transform": (lambda tree: (tree / TRANSFORM).unlink(), r"movalytics_spark.award"),
    "line of the application": (
        lambda tree: edit(tree / APPLICATION, LINE, ""),
        "add it to the tables of spark_apps/transform_catalogue.py",
    ),
    "line of the raw file": (lambda tree: edit(tree / MEMBERS, ', "awards.csv")', ")"), "awards.csv"),
    "statement of the mart": (lambda tree: (tree / STATEMENT).unlink(), "there is no publish.sql beside it"),
}


ON_SPARK = {"transform", "line of the application", "line of the raw file"}  # these are found when Spark has started


@pytest.mark.parametrize(
    "place", [pytest.param(place, marks=[pytest.mark.slow] * (place in ON_SPARK)) for place in FORGOTTEN]
)
def test_a_place_that_is_forgotten_is_named(tree: Path, place: str) -> None:
    forget, words = FORGOTTEN[place]
    forget(tree)
    answer = run(tree)
    assert answer.returncode != 0
    assert words in answer.stderr, answer.stdout + answer.stderr
