"""Whatever changes, in whatever order: moving what changed gives the rows that a full load gives."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from movalytics_warehouse.plan.allowance import NOT_BY_NAME
from movalytics_warehouse.plan.ceilings import declared
from movalytics_warehouse.plan.migrate import migrate

from tests.digests import EVERY_DIGEST
from tests.integration.conftest import Standin, new_database
from tests.integration.operations.bringing import bring, publish, restore
from tests.integration.warehouse.conftest import emptied
from tests.integration.warehouse.history import CHANGES, Sources, after, first
from tests.integration.warehouse.steps import Warehouse

RESTORE, FORCE = "restore", "force"
# Anything may change here: what is too much is the checks' business.
ALLOW = " ".join(f"{one.name}=1" for one in declared().ceilings if one.kind == "history" and one.reason != NOT_BY_NAME)
STEPS = st.sampled_from([*CHANGES, RESTORE, FORCE])
SEQUENCES = st.tuples(st.integers(0, 2**32), st.lists(STEPS, min_size=2, max_size=5))
SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def databases(redshift_server: Standin) -> tuple[str, str]:
    """One that changes from run to run, and one that is empty before each."""
    urls = new_database(redshift_server).url, new_database(redshift_server).url
    for url in urls:
        migrate(Warehouse(url, Path()).connect)
    return urls


def load(warehouse: Warehouse, run: str, sources: Sources, *, force: bool = False) -> None:
    """A run of these sources, to its end."""
    bring(warehouse, run, sources.world(), movies=run, code=sources.code, allow=ALLOW, force=force)


def go_back(warehouse: Warehouse, run: str, earlier: str) -> None:
    """What an earlier run brought, once more."""
    restore(warehouse, earlier, run)
    publish(warehouse, run)
    warehouse.run("release")


def digests(warehouse: Warehouse) -> dict[str, object]:
    return dict(warehouse.rows(EVERY_DIGEST))  # type: ignore[arg-type]


def hold_equal(databases: tuple[str, str], seed: int, steps: list[str]) -> None:
    """After each step the changing warehouse holds what a full load into the empty one gives."""
    random, said = Random(seed), [first(Random(seed))]
    with TemporaryDirectory() as folder:
        changing, full = (Warehouse(url, Path(folder) / name) for url, name in zip(databases, "ab", strict=True))
        for warehouse in (changing, full):
            warehouse.lake.mkdir()
        emptied(changing)
        load(changing, "1", said[0])
        for number, step in enumerate(steps, 2):
            said.append(take(changing, str(number), said, step, random))
            emptied(full)
            load(full, str(number), said[-1])
            assert digests(changing) == digests(full), f"after {step}, number {number}"


def take(warehouse: Warehouse, run: str, said: list[Sources], step: str, random: Random) -> Sources:
    """One step; the sources that the warehouse is about then."""
    if step == RESTORE:
        earlier = random.randrange(len(said))
        go_back(warehouse, run, str(earlier + 1))
        return said[earlier]
    sources = said[-1] if step == FORCE else after(said[-1], step, random)
    load(warehouse, run, sources, force=step == FORCE)
    return sources


@settings(SLOWLY, max_examples=1)
@example(sequence=(1, ["merge_films", RESTORE, FORCE]))
@given(sequence=SEQUENCES)
def test_a_few_sequences_of_changes_end_with_the_digests_of_full_loads(
    databases: tuple[str, str], sequence: tuple[int, list[str]]
) -> None:
    hold_equal(databases, *sequence)


@pytest.mark.slow
@pytest.mark.timeout(3 * 3600)
@settings(SLOWLY, max_examples=200)
@given(sequence=SEQUENCES)
def test_many_sequences_of_changes_end_with_the_digests_of_full_loads(
    databases: tuple[str, str], sequence: tuple[int, list[str]]
) -> None:
    hold_equal(databases, *sequence)
