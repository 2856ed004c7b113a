"""FRED's series changed: through the real transforms, the tables are those of a run that saw no other, or stay."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.damage.conftest import good, pipeline, redshift_server, spark  # noqa: F401 fixtures
from tests.damage.pipeline import CPI, Files, Pipeline
from tests.integration.conftest import Standin, new_database
from tests.unit.spark_apps.conftest import PYSPARK_SOCKETS

pytestmark = pytest.mark.filterwarnings(PYSPARK_SOCKETS)


def revised(series: bytes) -> bytes:
    """A value of a past month is another one."""
    return series.replace(b"1999-06-01,107.800", b"1999-06-01,107.900")


def without_a_month(series: bytes) -> bytes:
    """The line of a month is not there."""
    return series.replace(b"1999-06-01,107.800\n", b"")


CHANGES: Mapping[str, Callable[[bytes], bytes]] = {
    "a past value is revised": revised,
    "a month is missing": without_a_month,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_series_loses_doubles_and_half_publishes_nothing(
    pipeline: Pipeline,  # noqa: F811
    redshift_server: Standin,  # noqa: F811
    good: Files,  # noqa: F811
    tmp_path: Path,
    name: str,
    record_property: Callable[[str, object], None],
) -> None:
    changed = {**good, CPI: CHANGES[name](good[CPI])}
    assert changed != good
    before = pipeline.digests()
    outcome = pipeline.run(changed)
    record_property("fault", f"discover, between two runs: {name}")
    record_property("outcome", outcome.sentence or "succeeded")
    after = pipeline.digests()
    undisturbed = Pipeline(new_database(redshift_server).url, tmp_path)
    assert undisturbed.run(changed).exit_code == outcome.exit_code, outcome.sentence
    assert outcome.exit_code in {0, 65, 80}, outcome.sentence
    assert after == (before if outcome.exit_code else undisturbed.digests())
    record_property("digests", "the last good run's" if after == before else "the run's")
    again = pipeline.run(good)
    assert again.exit_code == 0, again.sentence
    assert pipeline.digests() == before
