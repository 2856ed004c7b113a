"""The index of all runs beside their pages, and what a run's page says of the run before it."""

import json
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812

from tests.integration.report.test_report_of_a_warehouse import report, rows


@pytest.fixture(scope="module")
def reports(warehouse: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake's reports after the second run's."""
    lake = tmp_path_factory.mktemp("lake")
    done = report(warehouse, "second", lake)
    assert done.returncode == 0, done.stderr
    return lake / "reports"


@pytest.fixture(scope="module")
def runs(reports: Path) -> dict[str, dict[str, Any]]:
    """The index's runs by name, in its order."""
    return {run["run"]: run for run in json.loads((reports / "history.json").read_text())["runs"]}


def changes(reports: Path, run: str) -> dict[str, Any]:
    return dict(json.loads((reports / f"run={run}/report.json").read_text())["changes"])


def test_all_planned_runs_are_listed_the_newest_first(runs: dict[str, dict[str, Any]], connection: Connection) -> None:
    planned = rows(connection, "select run_id from movies_ops.load_run order by planned_at desc")
    assert list(runs) == [run for (run,) in planned]


def test_numbers_are_those_of_the_ledger(runs: dict[str, dict[str, Any]], connection: Connection) -> None:
    (expected,) = rows(
        connection,
        "select sum(published_rows), sum(rows_rejected) from movies_ops.load_table where run_id = 'second'",
    )
    second = runs["second"]
    assert (second["rows_published"], second["rows_rejected"]) == expected
    assert (second["rows_added"], second["rows_changed"], second["rows_removed"]) == (2, 1, 1)
    assert second["seconds"] == 60
    assert (second["movies_version"], second["prices_until"]) == ("8", "2001-03")


def test_a_failed_run_is_shown_by_the_next_report_with_its_message_and_without_a_page(
    runs: dict[str, dict[str, Any]], reports: Path
) -> None:
    broken = runs["broken"]
    assert (broken["outcome"], broken["attempts"], broken["page"]) == ("Failed", 2, None)
    assert broken["message"] == "ratings lost <b>half</b>"
    index = (reports / "index.html").read_text()
    assert "ratings lost &lt;b&gt;half&lt;/b&gt;" in index
    assert "run=broken" not in index


def test_the_index_leads_to_the_pages_that_are_there(runs: dict[str, dict[str, Any]], reports: Path) -> None:
    page = reports / runs["second"]["page"]
    assert page.is_file()
    assert (page.parent / "../index.html").resolve() == (reports / "index.html").resolve()
    assert f'href="{runs["second"]["page"]}"' in (reports / "index.html").read_text()


def test_answers_are_compared_with_those_of_the_run_published_before(runs: dict[str, dict[str, Any]]) -> None:
    assert runs["second"]["published_before"] == "first"
    answers = runs["second"]["answers"]
    assert answers["highest_rated_films"]["changed"] is True
    assert answers["most_popular_genres"]["changed"] is False
    assert answers["best_release_periods"]["changed"] is False  # nobody knows what the first run answered


def test_a_run_of_an_older_version_is_listed_with_what_is_known(runs: dict[str, dict[str, Any]]) -> None:
    whole = runs["whole"]
    assert (whole["published_before"], whole["answers"]) == (None, {})
    assert [whole[name] for name in ("rows_published", "rows_rejected", "rows_added")] == [None, None, None]
    assert whole["day"] == "2026-11-22"


def test_the_page_tells_what_the_run_changed(reports: Path) -> None:
    told = changes(reports, "second")
    assert told["before"] == "first"
    assert {one["name"]: (one["before"], one["after"]) for one in told["sources"]} == {
        "Film data, version": ("7", "8"),
        "Allowed losses": ("none", "ratings.film_not_in_catalogue=0.5"),
    }
    assert told["moved"] == [{"table_name": "ratings", "rows_added": 2, "rows_changed": 1, "rows_removed": 1}]
    assert [(one["partition_name"], one["rows_before"], one["rows_after"]) for one in told["partitions"]] == [
        ("2003-02", 2, 1),
        ("2004-02", None, 2),
    ]
    assert told["marts"] == ["movie_rating"]
    assert [one["before"] for one in told["answers"]] == ["Winter is rated highest."]


def test_the_first_run_had_none_before_it(warehouse: str, tmp_path: Path) -> None:
    assert report(warehouse, "whole", tmp_path).returncode == 0
    assert changes(tmp_path / "reports", "whole")["before"] == ""
    assert "Nothing was published before this run" in (tmp_path / "reports/run=whole/index.html").read_text()


def test_what_is_not_known_of_an_older_run_is_said_to_be_so(warehouse: str, tmp_path: Path) -> None:
    assert report(warehouse, "first", tmp_path).returncode == 0
    told = changes(tmp_path / "reports", "first")
    assert told["before"] == "whole"
    assert [told[name] for name in ("moved", "partitions", "marts", "answers")] == [None] * 4
    assert [one["name"] for one in told["sources"]] == ["Film data, version", "Sample"]


def test_the_index_is_written_whole_whichever_run_is_reported(warehouse: str, reports: Path, tmp_path: Path) -> None:
    assert report(warehouse, "first", tmp_path).returncode == 0
    assert (tmp_path / "reports/history.json").read_bytes() == (reports / "history.json").read_bytes()
