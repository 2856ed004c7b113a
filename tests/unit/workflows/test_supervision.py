"""No process outlives the command that started it, however either ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from movalytics_workflows.local.leftovers import MARK, end_leftovers, new_mark
from movalytics_workflows.local.processes import Processes, base_environment, children, wait

from tests.unit.workflows.conftest import runs

# A tree as pyspark and PostgreSQL grow it: own process group, own session, an orphan of a parent that is gone.
TREE = """
import os, sys, time
def note():
    with open(sys.argv[1], "a") as file: file.write(f"{os.getpid()}\\n")
def child(*becomes):
    if os.fork() == 0:
        for become in becomes: become()
        note()
        time.sleep(100)
child(os.setpgrp)
child(os.setsid)
if os.fork() == 0:
    child(os.setsid)
    os._exit(0)
os.wait()
note()
"""
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
# What a command does, in a process that can be killed: start the tree and wait.
RUNNER = """
import sys, time
from pathlib import Path
from movalytics_workflows.local.processes import base_environment, children
home = Path(sys.argv[1])
with children(home) as processes:
    processes.start([sys.executable, "-c", sys.argv[2], sys.argv[3]], base_environment(), home / "log", directory=home)
    time.sleep(100)
"""


# A parent that never learns how its marked child ended.
NEGLECT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"], env={sys.argv[1]: sys.argv[2]})
time.sleep(100)
"""


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    """Where the tree's processes write their numbers."""
    return tmp_path / "pids"


def alive(pids: Path) -> list[int]:
    """Those of the tree that still run."""
    return [number for line in pids.read_text().split() if runs(number := int(line))]


def eventually(holds: Callable[[], bool]) -> None:
    """Wait for it; fails after half a minute."""
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def has_grown(pids: Path) -> bool:
    """Whether the four processes of the tree are there."""
    return pids.exists() and len(pids.read_text().split()) == 4


def start(processes: Processes, program: str, pids: Path):  # type: ignore[no-untyped-def]
    """Start the program as a child."""
    home = pids.parent
    command = [sys.executable, "-c", program, str(pids)]
    return processes.start(command, base_environment(), home / "log", directory=home, grace=0.5)


def test_what_a_child_leaves_behind_ends_with_it(pids: Path) -> None:
    with children(pids.parent) as processes:
        assert wait(start(processes, TREE + "while open(sys.argv[1]).read().count('\\n') < 4: pass", pids)) == 0
        assert has_grown(pids)
        assert alive(pids) == []


@pytest.mark.parametrize("program", [TREE + "time.sleep(100)", STUBBORN + TREE + "time.sleep(100)"])
def test_leaving_the_command_ends_the_whole_tree(pids: Path, program: str) -> None:
    with children(pids.parent) as processes:
        start(processes, program, pids)
        eventually(lambda: has_grown(pids))
    assert alive(pids) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killing_the_command_ends_the_whole_tree(pids: Path, number: int) -> None:
    home = pids.parent
    with subprocess.Popen([sys.executable, "-c", RUNNER, str(home), TREE + "time.sleep(100)", str(pids)]) as runner:
        eventually(lambda: has_grown(pids))
        runner.send_signal(number)
        runner.wait()
    eventually(lambda: not alive(pids))


def test_killing_a_child_ends_the_rest_of_its_tree(pids: Path) -> None:
    with children(pids.parent) as processes:
        child = start(
            processes, TREE + "while open(sys.argv[1]).read().count('\\n') < 4: pass\nos.kill(os.getpid(), 9)", pids
        )
        assert wait(child) == -signal.SIGKILL
        assert alive(pids) == []


def test_a_supervisor_that_is_killed_leaves_nothing_once_its_end_is_noticed(pids: Path) -> None:
    with children(pids.parent) as processes:
        child = start(processes, TREE + "time.sleep(100)", pids)
        eventually(lambda: has_grown(pids))
        first = psutil.Process(int(pids.read_text().split()[-1]))
        supervisor = next(
            p for p in psutil.Process().children() if first.pid in {c.pid for c in p.children(recursive=True)}
        )
        supervisor.kill()
        assert wait(child) == -signal.SIGKILL
        assert alive(pids) == []


def test_exit_codes_and_signals_come_through(tmp_path: Path) -> None:
    with children(tmp_path) as processes:
        for program, code in [("raise SystemExit(75)", 75), ("import os; os.kill(os.getpid(), 11)", -signal.SIGSEGV)]:
            assert wait(start(processes, program, tmp_path / "pids")) == code


def test_a_later_command_ends_what_a_killed_one_left_and_nothing_else(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "import time; time.sleep(100)"]
    ours = subprocess.Popen(program, env={**os.environ, MARK: new_mark(tmp_path)})
    others = subprocess.Popen(program, env={**os.environ, MARK: new_mark(tmp_path / "other")})
    nobodys = subprocess.Popen(program)
    try:
        eventually(lambda: all(MARK in psutil.Process(child.pid).environ() for child in (ours, others)))
        assert end_leftovers(tmp_path, patience=0) == 1
        assert not psutil.pid_exists(ours.pid)
        assert others.poll() is None
        assert nobodys.poll() is None
    finally:
        for child in (ours, others, nobodys):
            child.kill()
            child.wait()


def test_what_ended_by_itself_need_not_be_killed_although_its_parent_has_not_asked_after_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", NEGLECT, MARK, new_mark(tmp_path)]) as parent:
        try:
            eventually(lambda: any(MARK in child.environ() for child in psutil.Process(parent.pid).children()))
            assert end_leftovers(tmp_path, patience=5) == 0
        finally:
            parent.kill()


def test_the_callers_settings_of_other_databases_sparks_and_javas_do_not_reach_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = {
        *("PGHOST", "PGSERVICE", "SPARK_CONF_DIR", "SPARK_MASTER", "PYSPARK_SUBMIT_ARGS", "HADOOP_CONF_DIR"),
        *("YARN_CONF_DIR", "PYTHONPATH", "PYTHONHOME", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"),
        *("CLASSPATH", "BASH_ENV", "LC_CTYPE"),
    }
    for name in (*others, "KAGGLE_KEY", "LC_ALL"):
        monkeypatch.setenv(name, "x")
    environment = base_environment(PGPASSWORD="p")
    assert others.isdisjoint(environment)
    assert (environment["KAGGLE_KEY"], environment["PGPASSWORD"]) == ("x", "p")
    assert environment["LC_ALL"].endswith(".UTF-8")
