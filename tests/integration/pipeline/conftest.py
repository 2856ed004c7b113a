"""The whole pipeline as a person runs it, on tests/data/tiny, in homes of its own."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from movalytics_workflows.local.leftovers import MARK, end_leftovers

from tests.digests import EVERY_DIGEST
from tests.integration.quick_java import TINY, quick_environment

Answer = subprocess.CompletedProcess[str]


@dataclass
class Machine:
    """One home and what happens in it."""

    home: Path
    killed: set[int] = field(default_factory=set)
    said: str = ""  # what the first run printed

    def command(self, verb: str, *arguments: str) -> list[str]:
        """The command line of `python -m movalytics_workflows`."""
        return [sys.executable, "-m", "movalytics_workflows", verb, f"--home={self.home}", *arguments]

    def call(self, verb: str, *arguments: str) -> Answer:
        """A command, to its end."""
        return subprocess.run(self.command(verb, *arguments), capture_output=True, text=True, env=quick_environment())

    def run(self, *arguments: str, source: Path = TINY) -> Answer:
        """`make run`, to its end."""
        return self.call("run", f"--source={source}", *arguments)

    def begin(self, verb: str, *arguments: str) -> "subprocess.Popen[str]":
        """A command, while it goes on."""
        return subprocess.Popen(
            self.command(verb, *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=quick_environment(),
        )

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """`make run`, while it goes on."""
        return self.begin("run", f"--source={TINY}", *arguments)

    def published_runs(self) -> list[str]:
        """The names of the runs that were published, by their reports."""
        return sorted(path.parent.name.removeprefix("run=") for path in self.home.glob("lake/reports/*/report.json"))

    def query(self, sql: str) -> Answer:
        """`make query`."""
        return subprocess.run(self.command("query", f"--sql={sql}"), capture_output=True, text=True)

    def digests(self) -> dict[str, str]:
        """Table or mart → digest of its rows."""
        answer = self.query(EVERY_DIGEST)
        assert answer.returncode == 0, answer.stderr
        return dict(line.split(",") for line in answer.stdout.splitlines()[1:])

    def published(self) -> str:
        """What the published tables hold, as their readers see it."""
        counts = "(select count(*) from movies.movies) as movies, (select count(*) from movies.ratings) as ratings"
        answer = self.query(f"select {counts}, sum(rating_count) as marts from movies.movie_rating")
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def processes(self) -> list[psutil.Process]:
        """All processes that were started in this home and still run."""
        return [process for process in psutil.process_iter() if self._is_here(process)]

    def steps(self) -> dict[tuple[str, str], psutil.Process]:
        """(step, program) → a process of a step that runs now and was not killed yet; supervisors are no part of it.

        The program is `python`, `java`, `launcher` (the JVM that makes spark-submit's command line), or `shell`.
        """
        found = {}
        for process in self.processes():
            with suppress(psutil.Error):
                command = process.cmdline()
                record = next((part for part in command if part.startswith("--record=")), "")
                if record and process.pid not in self.killed and "movalytics_workflows.local.supervise" not in command:
                    found[record.rpartition("/")[2].removesuffix(".json"), _program(command)] = process
        return found

    def _is_here(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, OSError):
            mark = process.environ().get(MARK, "")
            return mark.endswith(f" {self.home}") and process.status() != psutil.STATUS_ZOMBIE
        return False


def _program(command: list[str]) -> str:
    if Path(command[0]).name in {"sh", "bash"}:
        return "shell"
    if "org.apache.spark.launcher.Main" in command:
        return "launcher"
    return "java" if Path(command[0]).name == "java" else "python"


def eventually(found: Callable[[], object], seconds: float = 240) -> object:
    """What `found` returns once it is something; fails when it stays nothing."""
    until = time.monotonic() + seconds
    while not (thing := found()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return thing


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine on which nothing ran yet."""
    machine = Machine(tmp_path / "a home")
    yield machine
    end_leftovers(machine.home, patience=0)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which one run went well."""
    machine = Machine(tmp_path_factory.mktemp("undisturbed") / "a home")
    answer = machine.run()
    assert answer.returncode == 0, answer.stdout + answer.stderr
    machine.said = answer.stdout
    return machine
