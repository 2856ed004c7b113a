"""The frame of a step: record, exit codes, one sentence, and a traceback only when asked."""

import argparse
import csv
import errno
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from movalytics_common import errors, lake, step


def run(work: Callable[[argparse.Namespace], Mapping[str, object]], *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    step.add_step(parser.add_subparsers(required=True), "work", work, "does some work")
    return step.run(parser, lake.write_bytes, ["work", *arguments])


def last_event(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    captured = capsys.readouterr()
    assert captured.out == ""
    event: dict[str, object] = json.loads(captured.err.splitlines()[-1])
    return event


def failing(error: Exception) -> Callable[[argparse.Namespace], Mapping[str, object]]:
    def work(arguments: argparse.Namespace) -> Mapping[str, object]:
        raise error

    return work


def write_to_a_full_disk(arguments: argparse.Namespace) -> Mapping[str, object]:
    with Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")
    return {}


def test_ends_with_zero_and_one_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(lambda _: {"rows": 3}) == 0
    event = last_event(capsys)
    assert (event["event"], event["step"], event["rows"]) == ("done", "work", 3)


def test_writes_the_record(tmp_path: Path) -> None:
    assert run(lambda _: {"rows": 3}, f"--record=file://{tmp_path}/runs/work.json") == 0
    record = json.loads((tmp_path / "runs/work.json").read_text())
    assert (record["step"], record["rows"]) == ("work", 3)
    assert record["started_at"].endswith("+00:00")
    assert record["seconds"] >= 0


def test_writes_no_record_when_it_fails(tmp_path: Path) -> None:
    run(failing(errors.InvalidData("x")), f"--record=file://{tmp_path}/work.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (errors.PipelineError, 1),
        (errors.InvalidData, 65),
        (errors.MissingInput, 66),
        (errors.StorageFailed, 74),
        (errors.Unavailable, 75),
        (errors.AccessDenied, 77),
        (errors.InvalidSettings, 78),
        (errors.ChecksFailed, 80),
        (errors.PublishRefused, 81),
        (errors.DeadlineMissed, 83),
    ],
)
def test_each_error_has_its_exit_code(
    capsys: pytest.CaptureFixture[str], error: type[errors.PipelineError], exit_code: int
) -> None:
    assert run(failing(error("what, where, what to do"))) == exit_code
    event = last_event(capsys)
    assert (event["event"], event["error"], event["exit_code"]) == ("failed", "what, where, what to do", exit_code)


def test_says_that_the_disk_is_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write_to_a_full_disk) == 74
    assert "no space left while writing to the lake: free some space and run again" in str(last_event(capsys)["error"])


def test_says_which_file_it_cannot_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(failing(PermissionError(13, "Permission denied", "/secret"))) == 74
    assert last_event(capsys)["error"] == "cannot use /secret: Permission denied"


@pytest.mark.parametrize(
    ("error", "exit_code", "words"),
    [
        (MemoryError(), 78, "memory has run out: give the step more"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), 78, "memory has run out"),
        (OSError(errno.EIO, "Input/output error", "/data/x"), 74, "cannot use /data/x: Input/output error"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/x"), 74, "cannot use /x: No such file"),
        (OSError(errno.EMFILE, "Too many open files"), 74, "cannot use a file: Too many open files"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), 75, "a connection failed"),
        (socket.gaierror(-2, "Name or service not known"), 75, "a connection failed"),
        (TimeoutError("timed out"), 75, r"a connection failed \(timed out\)"),
        (
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
            65,
            "the input is not the text it should be",
        ),
        (csv.Error("field larger than field limit"), 65, "the input is not the text it should be"),
        (json.JSONDecodeError("Expecting value", "", 0), 65, "the input is not the text it should be"),
    ],
)
def test_the_machines_and_the_inputs_faults_have_a_sentence_whoever_met_them(
    capsys: pytest.CaptureFixture[str], error: Exception, exit_code: int, words: str
) -> None:
    assert run(failing(error)) == exit_code
    assert re.match(words, str(last_event(capsys)["error"]))


def test_says_why_where_the_reason_is_looked_for_whatever_bytes_are_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "termination-log"
    log.touch()
    monkeypatch.setattr(step, "TERMINATION_LOG", log)
    assert run(failing(errors.MissingInput("/data/\udce9 is not there"))) == 66
    assert log.read_bytes() == rb"/data/\udce9 is not there"


def test_what_nobody_foresaw_is_70_and_points_to_debug(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(failing(ZeroDivisionError("division by zero"))) == 70
    sentence = "unexpected ZeroDivisionError: division by zero; run with --debug to see where"
    assert last_event(capsys)["error"] == sentence


@pytest.mark.parametrize(("arguments", "shown"), [((), False), (("--debug",), True), (("--debug=false",), False)])
def test_shows_a_traceback_only_when_asked(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], shown: bool
) -> None:
    run(failing(errors.InvalidData("x")), *arguments)
    assert ("Traceback" in capsys.readouterr().err) is shown


def test_a_record_that_cannot_be_written_fails_the_step(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert run(lambda _: {}, f"--record=file://{tmp_path}/file/work.json") == 74
    assert "cannot write" in str(last_event(capsys)["error"])


def test_common_needs_no_boto3_for_errors_log_and_step() -> None:
    program = "import sys; sys.modules['boto3'] = None; import movalytics_common.step, movalytics_common.log"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
