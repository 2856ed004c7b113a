"""What a person sees when a command cannot begin: one plain sentence and an exit code that tells what kind it is."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from movalytics_workflows.local.lock import locked

Answer = subprocess.CompletedProcess[str]


def movalytics(*arguments: str, home: Path, **environment: str) -> Answer:
    """`python -m movalytics_workflows` with a home of its own."""
    command = [sys.executable, "-m", "movalytics_workflows", *arguments, f"--home={home}"]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def is_one_sentence(answer: Answer) -> bool:
    """Whether standard error is one line that is no traceback."""
    return answer.stderr.count("\n") == 1 and "Traceback" not in answer.stderr


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    answer = movalytics("run", "--source=no such file.zip", home=tmp_path / "home")
    assert (answer.returncode, is_one_sentence(answer)) == (66, True)
    assert "SOURCE=no such file.zip is not there" in answer.stderr
    assert not (tmp_path / "home").exists()


def test_a_java_home_of_the_wrong_version(tmp_path: Path) -> None:
    answer = movalytics("run", home=tmp_path / "home", JAVA_HOME=str(tmp_path))
    assert (answer.returncode, is_one_sentence(answer)) == (78, True)
    assert re.match(rf"JAVA_HOME={tmp_path} holds no Java that runs, Spark needs 17 or 21", answer.stderr)


def test_a_home_where_another_command_is_at_work(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", "make run"):
        answer = movalytics("run", home=tmp_path)
    assert (answer.returncode, is_one_sentence(answer)) == (82, True)
    assert f"make run (process {os.getpid()}, since " in answer.stderr


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answer = movalytics("serve", f"--port={port}", home=tmp_path)
    assert (answer.returncode, is_one_sentence(answer)) == (78, True)
    assert (
        f"port {port} of 127.0.0.1 cannot be used (Address already in use): choose another, as PORT=5440"
        in answer.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "words"), [(["query", "--sql=select 1"], "no warehouse"), (["report"], "no report")]
)
def test_asking_before_the_first_run(tmp_path: Path, arguments: list[str], words: str) -> None:
    answer = movalytics(*arguments, home=tmp_path)
    assert (answer.returncode, is_one_sentence(answer), answer.stdout) == (66, True, "")
    assert f"there is {words} in {tmp_path} yet: make run" in answer.stderr


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    answer = movalytics("serve", home=tmp_path / "file" / "home")
    assert (answer.returncode, is_one_sentence(answer)) == (74, True)
    assert f"cannot use {tmp_path}/file" in answer.stderr


def test_the_traceback_is_shown_when_asked_for(tmp_path: Path) -> None:
    answer = movalytics("report", "--debug", home=tmp_path)
    assert answer.returncode == 66
    assert "Traceback" in answer.stderr


def test_report_prints_the_path_of_the_page_written_last(tmp_path: Path) -> None:
    for number, name in enumerate(["run=b", "run=a"]):
        page = tmp_path / "lake" / "reports" / name / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(json.dumps(number))
        os.utime(page, (1_000_000_000 + number, 1_000_000_000 + number))
    answer = movalytics("report", home=tmp_path, DISPLAY="", WAYLAND_DISPLAY="")
    assert (answer.returncode, answer.stdout) == (0, f"{page}\n")
