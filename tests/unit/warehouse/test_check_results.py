"""What becomes of check results: samples that fit, JUnit that a CI server reads, and the exit code."""

import json
import re
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from movalytics_common.errors import ChecksFailed
from movalytics_warehouse.quality.check_results import conclude, junit
from movalytics_warehouse.quality.checks import Result, State, sample_json

WHEN = datetime(2026, 11, 24)  # noqa: DTZ001 as the ledger has it


def result(name: str, state: State, severity: str = "error") -> Result:
    return Result(
        name, "movies", severity, state, 2 if state == "fail" else 0, '[{"title": "a\\u0000<b>"}]', 0.25, WHEN
    )


def test_a_sample_has_as_many_rows_as_fit() -> None:
    rows = [dict.fromkeys(("one", "two", "three", "four"), letter * 200) for letter in "abcde"]
    assert [row["one"][0] for row in json.loads(sample_json(rows))] == list("abcd")


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


def test_red_checks_stop_the_run_by_name_and_say_where_their_rows_are() -> None:
    red = [result("bad", "fail"), result("broken", "error"), result("fine", "pass")]
    words = (
        "run r is not published: checks failed: staged movies/bad, staged movies/broken; "
        "the offending rows are in /lake/reports/run=r/checks-staged.json"
    )
    with pytest.raises(ChecksFailed, match=f"^{re.escape(words)}$"):
        conclude("staged", "r", red, "file:///lake/reports/run=r")


def test_a_check_after_publication_does_not_say_that_nothing_was_published() -> None:
    with pytest.raises(
        ChecksFailed, match=r"^run r is published, but checks failed: published movies/bad; .* in s3://b/"
    ):
        conclude("published", "r", [result("bad", "fail")], "s3://b/reports")


@pytest.mark.parametrize("state", ["fail", "error"])
def test_a_warning_stops_nothing(state: State) -> None:
    assert conclude("staged", "r", [result("odd", state, "warn")], "file:///lake")[state] == 1
