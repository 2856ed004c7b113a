"""Which event logs are of a run, and what is read of one."""

import json
from pathlib import Path

import pytest
from movalytics_operations.event_logs import events, logs_of

START = "SparkListenerApplicationStart"
TASK = "SparkListenerTaskEnd"


def write(lake: Path, folder: str, *pieces: str) -> None:
    (lake / folder).mkdir()
    for number, text in enumerate(pieces, start=1):
        (lake / folder / f"events_{number}_{folder.removeprefix('eventlog_v2_')}").write_text(text)


def line(kind: str, **fields: object) -> str:
    return json.dumps({"Event": kind, **fields}, separators=(",", ":")) + "\n"


def start(name: str, moment: int = 1) -> str:
    return line("SparkListenerLogStart") + line(START, **{"App Name": name, "Timestamp": moment})


def test_only_a_runs_own_applications_are_found_in_the_order_in_which_they_began(tmp_path: Path) -> None:
    write(tmp_path, "eventlog_v2_a", start("run-1-transform-ratings", 7))
    write(tmp_path, "eventlog_v2_b", start("run-1-transform-catalogue", 5))
    write(tmp_path, "eventlog_v2_c", start("run-1-transform-ratings", 3))
    write(tmp_path, "eventlog_v2_d", start("run-11-transform-ratings"))
    write(tmp_path, "eventlog_v2_e", start("my-run-1-transform-ratings"))
    write(tmp_path, "eventlog_v2_f", start("somebody's shell"))
    found = [(log.application, log.started) for log in logs_of(f"file://{tmp_path}", "run-1")]
    assert found == [("ratings", 3), ("catalogue", 5), ("ratings", 7)]


def test_a_log_that_says_nothing_yet_is_nobodys(tmp_path: Path) -> None:
    write(tmp_path, "eventlog_v2_empty", "")
    (tmp_path / "eventlog_v2_begun").mkdir()
    (tmp_path / "eventlog_v2_begun" / "appstatus_begun.inprogress").touch()
    assert logs_of(f"file://{tmp_path}", "run-1") == []


def test_a_directory_that_is_not_there_holds_no_logs(tmp_path: Path) -> None:
    assert logs_of(f"file://{tmp_path}/nowhere", "run-1") == []


def test_pieces_are_read_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    head = start("run-1-transform-ratings")
    write(tmp_path, "eventlog_v2_a", head, *(line(TASK, number=number) for number in range(2, 12)))
    (log,) = logs_of(f"file://{tmp_path}", "run-1")
    assert [event["number"] for event in events(log.pieces, frozenset({TASK}))] == list(range(2, 12))


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_what_a_killed_driver_left_half_written_is_passed_over(tmp_path: Path, cut: int) -> None:
    whole = start("run-1-transform-ratings") + line(TASK, number=1)
    write(tmp_path, "eventlog_v2_a", whole + line(TASK, number=2, text="x" * 40)[:-cut])
    (log,) = logs_of(f"file://{tmp_path}", "run-1")
    assert [event["number"] for event in events(log.pieces, frozenset({TASK}))] == [1]


def test_a_line_ends_with_a_line_feed_alone(tmp_path: Path) -> None:
    strange = "a\u2028b\x85c\u0085"
    text = start("run-1-transform-ratings") + json.dumps({"Event": TASK, "a": strange}, ensure_ascii=False).replace(
        ": ", ":"
    )
    write(tmp_path, "eventlog_v2_a", f"{text}\n")
    (log,) = logs_of(f"file://{tmp_path}", "run-1")
    assert [event["a"] for event in events(log.pieces, frozenset({TASK}))] == [strange]
