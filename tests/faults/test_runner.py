"""kill -9 of the runner, and of Spark, on a laptop's whole pipeline: the same command again completes it."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.pipeline.conftest import Machine, eventually, undisturbed  # noqa: F401 a fixture
from tests.integration.quick_java import TINY

pytestmark = pytest.mark.timeout(900)
TODAY = datetime.now(UTC).date()
DAYS = [str(TODAY - timedelta(days=number)) for number in (3, 2)]
SOURCE = f"--source={TINY}"
A_RUN = "RUN"  # one that was published
RUN, FORCED, RESTORE = ("run", SOURCE), ("run", SOURCE, "--force"), ("restore", A_RUN)
BACKFILL = ("backfill", f"--from={DAYS[0]}", f"--to={DAYS[1]}", SOURCE)


When = Callable[[Machine, float], object]


@dataclass(frozen=True)
class RunnerFault:
    """`is_time` tells when to kill, of a machine and of when the command began; `victim` a step's program, or none."""

    command: tuple[str, ...]
    moment: str
    is_time: When
    victim: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """As the table has it."""
        who = f"the {self.victim[1]} of {self.victim[0]}" if self.victim else "the runner"
        return f"movalytics {self.command[0]}, {self.moment}: {who} is killed"


def at_work(step: str, program: str = "python") -> When:
    """The step is at work."""
    return lambda machine, _: machine.steps().get((step, program))


def has_begun(machine: Machine, _: float) -> object:
    """There is a process of it."""
    return machine.processes()


def with_a_second_run(machine: Machine, begun: float) -> object:
    """One day was brought, and the next has begun."""
    return len([path for path in machine.home.glob("runs/*") if path.stat().st_ctime > begun]) >= 2


FAULTS = [
    RunnerFault(RUN, "at start", has_begun),
    RunnerFault(FORCED, "while Spark works", at_work("transform-ratings")),
    RunnerFault(RESTORE, "while it stages", at_work("stage")),
    RunnerFault(RESTORE, "while it publishes", at_work("publish")),
    RunnerFault(BACKFILL, "between two days", with_a_second_run),
    RunnerFault(FORCED, "while Spark works", at_work("transform-catalogue", "java"), ("transform-catalogue", "java")),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_kill_loses_doubles_and_half_publishes_nothing(
    undisturbed: Machine,  # noqa: F811
    fault: RunnerFault,
    record_property: Callable[[str, object], None],
) -> None:
    machine, begun = undisturbed, time.time()
    before, last = machine.digests(), machine.published_runs()[-1]
    command = tuple(last if word == A_RUN else word for word in fault.command)
    with machine.begin(*command) as process:
        eventually(lambda: fault.is_time(machine, begun))
        if fault.victim:
            machine.steps()[fault.victim].kill()
        else:
            process.kill()
        process.communicate()
    eventually(lambda: not machine.processes(), seconds=60)
    record_property("fault", fault.name)
    record_property("outcome", "succeeded" if process.returncode == 0 else f"ended by signal {-process.returncode}")
    assert process.returncode == (0 if fault.victim else -signal.SIGKILL)
    assert machine.digests() == before
    record_property("digests", "the run's")
    again = machine.call(*command)
    assert again.returncode == 0, again.stdout + again.stderr
    assert machine.digests() == before
    assert machine.processes() == []
    assert list(machine.home.glob("runs/*/scratch/*")) == []
    assert machine.call("release").returncode == 0
