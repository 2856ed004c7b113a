"""A server of sources over the tiny sample, credentials that it takes, and runs of the commands as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from movalytics_extract.patience import Patience

from tests.integration.extract.sources_server import KEY, USERNAME, SourcesServer

TINY = Path(__file__).parents[2] / "data" / "tiny"
IMPATIENT = Patience(connect=2, read=2, attempts=3, pause=0.01, longest_pause=2)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, its events, and all that it wrote."""

    exit_code: int
    events: list[dict[str, object]]
    stdout: str
    stderr: str

    @property
    def error(self) -> str:
        """The sentence with which it failed."""
        return str(self.events[-1]["error"])


Command = Callable[..., Ended]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials of the test server, no files of the user, no proxy."""
    for name in ("KAGGLE_API_TOKEN", "KAGGLE_CONFIG_DIR", "XDG_CONFIG_HOME", "FRED_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAGGLE_USERNAME", USERNAME)
    monkeypatch.setenv("KAGGLE_KEY", KEY)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def server() -> Iterator[SourcesServer]:
    """Kaggle and FRED over the tiny sample."""
    with SourcesServer(TINY) as running:
        yield running


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a command of extract as a process."""
    processes: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "movalytics_extract", *arguments]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
        )
        processes.append(process)
        return process

    yield started
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def extract(start: Callable[..., subprocess.Popen[str]]) -> Command:
    """Runs a command of extract as a process, to its end."""

    def run(*arguments: str) -> Ended:
        return ended(start(*arguments))

    return run


def ended(process: "subprocess.Popen[str]") -> Ended:
    """Wait for a process and read what it said."""
    stdout, stderr = process.communicate(timeout=120)
    events = [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]
    return Ended(process.returncode, events, stdout, stderr)
