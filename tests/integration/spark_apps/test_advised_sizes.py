"""`movalytics advise` on transform-ratings at work: the memory that it advises, applied, needs no further advice."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from movalytics_operations.advice import advice
from movalytics_operations.event_logs import events, logs_of
from movalytics_operations.usage import READERS, in_bytes, usage_of

from tests.benchmark.generate_ratings import complete_catalogue, write_ratings
from tests.integration.spark_apps.conftest import Submit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
ROWS, FILMS = 500_000, 9_000


@pytest.fixture(scope="module")
def larger(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with five times as many ratings, of films that are all in the catalogue."""
    folder = tmp_path_factory.mktemp("larger") / "raw"
    shutil.copytree(raw, folder)
    links = [line.split(",") for line in (folder / "links.csv").read_text().splitlines()[1 : FILMS + 1]]
    films = np.array([int(movie) for movie, *_ in links], dtype=np.int64)
    write_ratings(folder / "ratings.csv", ROWS, films, np.random.default_rng(26))
    complete_catalogue(folder / "movies_metadata.csv", [tmdb for *_, tmdb in links])
    return folder


def advised(submit: Submit, raw: Path, lake: Path, memory: str) -> dict[str, str]:
    """The values that are advised after a run with this memory, whether it came to its end or not."""
    directory, run = f"file://{lake}/spark-events", f"with-{memory}"
    submit(
        "transform_ratings.py",
        *("--run=one", "--made=one", f"--earlier=file://{lake}/none", "--code=c0de"),
        *(f"--movies=file://{raw}", f"--output=file://{lake}/{memory}"),
        memory=memory,
        name=f"{run}-transform-ratings",
        spark_eventLog_enabled="true",
        spark_eventLog_dir=directory,
    )
    (log,) = logs_of(directory, run)
    usage = usage_of(events(log.pieces, frozenset(READERS)))
    assert usage.tasks
    return dict(one.value.split("=") for one in advice(usage))


@pytest.mark.parametrize(("memory", "is_raised"), [("512m", True), ("8g", False)])
def test_the_memory_that_is_advised_points_the_right_way_and_is_enough(
    submit: Submit, larger: Path, tmp_path: Path, memory: str, is_raised: bool
) -> None:
    first = advised(submit, larger, tmp_path, memory)
    assert first.keys() == {"executors.memory"}
    assert (in_bytes(first["executors.memory"]) > in_bytes(memory)) is is_raised
    assert advised(submit, larger, tmp_path, first["executors.memory"]) == {}
    assert (tmp_path / first["executors.memory"] / "ratings.manifest").exists()
