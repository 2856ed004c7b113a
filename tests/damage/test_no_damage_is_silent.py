"""Whatever happens to a source file: the right tables, or an exit code that is not 0 and the last good tables.

`make damages` tries DAMAGES of them (300 unless said otherwise), shared out over the raw files.
"""

import os

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.damage.damages import damages, truncations
from tests.damage.pipeline import RAW_FILES, Files, Pipeline

EACH = -(-int(os.environ.get("DAMAGES", "300")) // (2 * len(RAW_FILES)))
thorough = settings(
    max_examples=EACH,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    report_multiple_bugs=False,
)
pytestmark = pytest.mark.timeout(3 * 3600)


def columns_of(content: bytes) -> list[str]:
    """As the header names them."""
    return content.split(b"\n", 1)[0].decode().strip().split(",")


def is_told(pipeline: Pipeline, good: Files, name: str, damaged: bytes) -> bool:
    """Whether the damaged file is refused or makes the right tables; the good ones are there again afterwards."""
    before = pipeline.digests()
    outcome = pipeline.run({**good, name: damaged})
    after = pipeline.digests()
    note(f"{name}: exit {outcome.exit_code}: {outcome.sentence}")
    if after != before:
        assert pipeline.run(good, force=True).exit_code == 0
    return after == before and outcome.exit_code != 70


@pytest.mark.parametrize("name", RAW_FILES)
def test_a_damage_changes_nothing_that_readers_see(pipeline: Pipeline, good: Files, name: str) -> None:
    @thorough
    @given(damages(columns_of(good[name])))
    def tells(damage: object) -> None:
        assert is_told(pipeline, good, name, damage.of(good[name]))  # type: ignore[attr-defined]

    tells()


@pytest.mark.parametrize("name", RAW_FILES)
def test_a_file_that_broke_off_changes_nothing_that_readers_see(pipeline: Pipeline, good: Files, name: str) -> None:
    @thorough
    @given(truncations())
    def tells(share: float) -> None:
        content = good[name]
        assert is_told(pipeline, good, name, content[: int(share * len(content))])

    tells()


@given(st.data())
@settings(max_examples=1, deadline=None)
def test_the_damages_damage(data: st.DataObject) -> None:
    """Each kind changes a file of its own shape: one that changed nothing would prove nothing."""
    content = b"userId,movieId,rating,timestamp\r\n" + b"".join(
        b"%d,%d,3.5,1260759%d\r\n" % (line, 7 * line, 100 + line) for line in range(1, 300)
    )
    damage = data.draw(damages(columns_of(content)))
    assert damage.of(content)
