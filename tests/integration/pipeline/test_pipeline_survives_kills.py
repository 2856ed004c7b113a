"""`kill -9` of any step or of the runner at any time: the run, or the next one, ends with the same tables."""

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


@pytest.mark.slow
def test_a_restore_that_is_killed_while_it_publishes_is_completed_by_the_same_command(undisturbed: Machine) -> None:
    before, digests, run = undisturbed.published(), undisturbed.digests(), undisturbed.published_runs()[-1]
    with undisturbed.begin("restore", run) as restoring:
        eventually(lambda: undisturbed.steps().get(("publish", "python")))
        restoring.send_signal(signal.SIGKILL)
        restoring.wait()
    assert undisturbed.published() == before
    answer = undisturbed.call("restore", run)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert undisturbed.digests() == digests
    assert f"held at {run} since" in undisturbed.run().stdout
    assert undisturbed.call("release").returncode == 0
    assert undisturbed.processes() == []


@pytest.mark.slow
def test_a_killed_runners_processes_end_by_themselves_and_the_next_run_ends_with_the_same_digests(
    machine: Machine, undisturbed: Machine
) -> None:
    with machine.start() as run:
        eventually(lambda: machine.steps().get(("transform-ratings", "python")))
        run.send_signal(signal.SIGKILL)
        run.wait()
    eventually(lambda: not machine.processes(), seconds=60)
    answer = machine.run()
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert machine.digests() == undisturbed.digests()
    assert machine.processes() == []
    assert list(machine.home.glob("runs/*/scratch/*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_interrupted_run_says_so_and_leaves_nothing(machine: Machine, number: int) -> None:
    with machine.start() as run:
        eventually(lambda: machine.steps().get(("transform-catalogue", "java")))
        run.send_signal(number)
        output, _ = run.communicate()
    assert run.returncode == 128 + number
    assert output.endswith("interrupted: every process was ended and the last good tables stand\n")
    assert machine.processes() == []


@pytest.mark.slow
def test_the_last_good_tables_stand_when_a_forced_run_is_killed_while_it_publishes(undisturbed: Machine) -> None:
    before, digests = undisturbed.published(), undisturbed.digests()
    with undisturbed.start("--force") as run:
        eventually(lambda: undisturbed.steps().get(("publish", "python")))
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert undisturbed.published() == before
    answer = undisturbed.run("--force")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert undisturbed.digests() == digests
    assert undisturbed.processes() == []
