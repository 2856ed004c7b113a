"""What becomes of check results: samples that fit, JUnit that a CI server reads, and the exit code."""

import json
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from movalytics_common.errors import ChecksFailed
from movalytics_warehouse.check_results import conclude, junit
from movalytics_warehouse.checks import Result, State, sample_json

WHEN = datetime(2026, 11, 24)  # noqa: DTZ001 as the ledger has it


def result(name: str, state: State, severity: str = "error") -> Result:
    return Result(
        name, "movies", severity, state, 2 if state == "fail" else 0, '[{"title": "a\\u0000<b>"}]', 0.25, WHEN
    )


def test_a_sample_holds_as_many_rows_as_fit_into_the_ledger() -> None:
    rows = [{f"c{column}": "é" * 300 for column in range(6)} for _ in range(5)]
    text = sample_json(rows)
    assert len(text.encode()) <= 4000
    assert 0 < len(json.loads(text)) < 5


def test_only_red_checks_are_failures_for_junit() -> None:
    results = [
        result("bad", "fail"),
        result("odd", "fail", "warn"),
        result("broken", "error"),
        result("young", "skip"),
        result("fine", "pass"),
    ]
    suite = ET.fromstring(junit("staged", results))
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    children = {case.get("name"): [child.tag for child in case] for case in suite}
    assert children == {
        "bad": ["failure"],
        "odd": ["system-out"],
        "broken": ["error"],
        "young": ["skipped"],
        "fine": [],
    }


def test_red_checks_stop_the_run_by_name() -> None:
    with pytest.raises(ChecksFailed, match="2 of 3 checks of stage staged stop run r: movies/bad, movies/broken;"):
        conclude("staged", "r", [result("bad", "fail"), result("broken", "error"), result("fine", "pass")])


@pytest.mark.parametrize("state", ["fail", "error"])
def test_a_warning_stops_nothing(state: State) -> None:
    assert conclude("staged", "r", [result("odd", state, "warn")])[state] == 1
