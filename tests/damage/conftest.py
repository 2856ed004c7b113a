"""A good source cut from the sample, and a pipeline that has published it."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.damage.pipeline import CPI, LINKS, MOVIES, RATINGS, RAW_FILES, ROOT, Files, Pipeline
from tests.integration.conftest import Standin, redshift_server  # noqa: F401 fixtures
from tests.unit.spark_apps.conftest import PYSPARK_SOCKETS, spark  # noqa: F401

FILMS, MOST_RATINGS = 150, 2_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(PYSPARK_SOCKETS))


@pytest.fixture(scope="session")
def good() -> Files:
    """Films of the sample with their links and ratings, other files of tests/data/tiny: none of it is rejected."""
    with zipfile.ZipFile(ROOT / "tests/data/the-movies-dataset.zip") as archive:
        movies, links, ratings = (archive.read(name) for name in (MOVIES, LINKS, RATINGS))
    lines = _one_line_records(movies)[: FILMS + 1]
    films = {row["id"] for row in csv.DictReader(io.StringIO(b"".join(lines).decode()))}
    linked = [line for line in links.splitlines(keepends=True)[1:] if line.rstrip().split(b",")[2].decode() in films]
    known = {line.split(b",")[0] for line in linked}
    rated = [line for line in ratings.splitlines(keepends=True)[1:] if line.split(b",")[1] in known]
    chosen = {
        MOVIES: b"".join(lines),
        LINKS: links.splitlines(keepends=True)[0] + b"".join(linked),
        RATINGS: ratings.splitlines(keepends=True)[0] + b"".join(rated[:MOST_RATINGS]),
        CPI: (ROOT / "tests/data" / CPI).read_bytes(),
    }
    others = {name: (ROOT / "tests/data/tiny" / name).read_bytes() for name in RAW_FILES if name not in chosen}
    return chosen | others


def _one_line_records(movies: bytes) -> list[bytes]:
    """The lines that are records: a damage strikes lines."""
    width = len(next(csv.reader([movies.splitlines()[0].decode()])))
    return [line for line in movies.splitlines(keepends=True) if len(next(csv.reader([line.decode()]))) == width]


@pytest.fixture(scope="session")
def pipeline(
    spark: SparkSession,  # noqa: F811
    redshift_server: Standin,  # noqa: F811
    good: Files,
    tmp_path_factory: pytest.TempPathFactory,
) -> Pipeline:
    """A pipeline whose tables hold the good source."""
    pipeline = Pipeline(redshift_server.url, tmp_path_factory.mktemp("damage"))
    outcome = pipeline.run(good)
    assert outcome.exit_code == 0, outcome.sentence
    return pipeline
