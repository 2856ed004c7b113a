"""`kill -9` of every step in one run, and an interruption: the run ends with the same tables, or leaves nothing."""

import signal
import subprocess

import pytest

from tests.integration.pipeline.conftest import Machine, eventually

pytestmark = pytest.mark.timeout(900)
# What of each step is killed: for Spark the launcher of the JVM, the JVM, and the Python driver.
VICTIMS = {
    ("discover", "python"),
    ("plan", "python"),
    ("extract-movies", "python"),
    ("extract-cpi", "python"),
    ("transform-catalogue", "launcher"),
    ("transform-catalogue", "java"),
    ("transform-ratings", "python"),
    ("stage", "python"),
    ("check-staged", "python"),
    ("publish", "python"),
    ("check-published", "python"),
    ("report", "python"),
    ("finish", "python"),
}


def kill_each_once(machine: Machine, run: "subprocess.Popen[str]") -> set[tuple[str, str]]:
    """Kill every victim once, as soon as it is seen; those that were."""
    waiting = set(VICTIMS)
    while waiting and run.poll() is None:
        for victim, process in machine.steps().items():
            if victim in waiting:
                process.kill()
                machine.killed.add(process.pid)
                waiting.discard(victim)
    return VICTIMS - waiting


def test_a_run_in_which_every_step_is_killed_ends_with_the_same_digests(machine: Machine, undisturbed: Machine) -> None:
    with machine.start() as run:
        killed = kill_each_once(machine, run)
        output, _ = run.communicate()
    assert run.returncode == 0, output
    assert killed == VICTIMS
    assert [step for step, _ in VICTIMS if f"\n{step:<20}waits " not in output] == []
    assert machine.digests() == undisturbed.digests()
    assert machine.processes() == []


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_interrupted_run_says_so_and_leaves_nothing(machine: Machine, number: int) -> None:
    with machine.start() as run:
        eventually(lambda: machine.steps().get(("transform-catalogue", "java")))
        run.send_signal(number)
        output, _ = run.communicate()
    assert run.returncode == 128 + number
    assert output.endswith("interrupted: every process was ended and the last good tables stand\n")
    assert machine.processes() == []
