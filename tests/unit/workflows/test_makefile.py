"""make's targets are aliases of `movalytics`: variables travel as options, and what nobody knows is refused."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from movalytics_workflows.house import ROOT

STAND_IN = """#!/bin/sh
trap 'echo ended >>"$0.said"; exit 143' TERM
printf '%s\\n' "$@" >>"$0.said"
[ "$2" != --source=lasting ] || while :; do sleep 0.1; done
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The Makefile beside a `movalytics` that notes its arguments and runs the source `lasting` until it is ended."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    command = tmp_path / ".venv" / "bin" / "movalytics"
    command.parent.mkdir(parents=True)
    command.write_text(STAND_IN)
    command.chmod(0o755)
    return tmp_path


def make(checkout: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = ["make", *words, "--old-file=.venv/installed"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True)


def said(checkout: Path) -> list[str]:
    """The arguments that `movalytics` was given, and that it was ended."""
    notes = checkout / ".venv" / "bin" / "movalytics.said"
    return notes.read_text().splitlines() if notes.exists() else []


@pytest.fixture(autouse=True)
def installed(checkout: Path) -> None:
    (checkout / ".venv" / "installed").touch()


def test_the_variables_of_run_become_options(checkout: Path) -> None:
    make(checkout, "run", "SOURCE=a 'b'.zip", "FORCE=1", "DEBUG=0", "ALLOW=ratings.total=0.5")
    assert said(checkout) == ["run", "--source=a 'b'.zip", "--allow=ratings.total=0.5", "--force"]


def test_a_query_travels_whole(checkout: Path) -> None:
    sql = """select 'it''s', "a" from b where c = 1 -- d=e"""
    make(checkout, "query", f"SQL={sql}")
    assert said(checkout) == ["query", f"--sql={sql}"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "VINTAGE=2022-05-15"], "make run does not know VINTAGE: it takes SOURCE FORCE DEBUG PORT ALLOW"),
        (["query", "SOURCE=x", "SQL=y"], "make query does not know SOURCE: it takes SQL"),
        (["report", "SOURCE=x"], "make report does not know SOURCE: it takes no variables"),
        (["run", "FORCE=maybe"], "FORCE is 1 or 0, not maybe"),
    ],
)
def test_what_a_target_does_not_know_is_refused_in_a_sentence(checkout: Path, words: list[str], sentence: str) -> None:
    answer = make(checkout, *words)
    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert said(checkout) == []


def test_a_sigterm_to_make_ends_what_it_started(checkout: Path) -> None:
    command = ["make", "run", "SOURCE=lasting", "--old-file=.venv/installed"]
    with subprocess.Popen(command, cwd=checkout, stderr=subprocess.DEVNULL) as process:
        while not said(checkout):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
    assert said(checkout) == ["run", "--source=lasting", "ended"]
