"""The index of all runs, as a reader and a program meet it."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from movalytics_warehouse.report.history import Headline, History, PlannedRun
from movalytics_warehouse.report.index import history_json, render_index, trends
from movalytics_warehouse.report.plots import trend

from tests.unit.report.test_report_page import _Outline, text

START = datetime(2026, 11, 20, 3, 0)  # noqa: DTZ001 the ledger's TIMESTAMP has no zone, it is UTC


def headline(run: str, sentence: str, before: str | None) -> Headline:
    return Headline(run, "highest_rated_films", sentence, before)


def run(number: int, **facts: Any) -> PlannedRun:
    """A run that was published, of the day of this number, and took ten minutes."""
    planned = START + timedelta(days=number)
    given: dict[str, Any] = {
        "run_id": f"movalytics-{number}",
        "run_date": planned.date(),
        "planned_at": planned,
        "published_at": planned + timedelta(minutes=10),
        "outcome": "Succeeded",
        "message": "",
        "movies_version": "7",
        "cpi_version": "2026-10-01-4567cdef",
        "sample": "",
        "restores": "",
        "attempts": 1,
        "rows_published": 1000 + number,
        "rows_rejected": 10 * number,
        "rows_added": number,
        "rows_changed": 0,
        "rows_removed": 0,
        "published_before": f"movalytics-{number - 1}",
        "is_current": False,
    }
    return PlannedRun(**(given | facts))


def failed(number: int, **facts: Any) -> PlannedRun:
    unknown = dict.fromkeys(("published_at", "rows_published", "rows_added", "rows_changed", "rows_removed"))
    return run(number, **{"outcome": "Failed", "published_before": None, **unknown, **facts})


@pytest.fixture
def history() -> History:
    """Four runs: the third failed, the last one answers otherwise than the second."""
    before, after = "Psycho is rated highest.", "Fargo is rated highest."
    first = run(1, answers=[headline("movalytics-1", before, None)], published_before=None)
    second = run(2, answers=[headline("movalytics-2", before, before)])
    third = failed(3, message="ratings lost 30 % <b>of</b> their rows")
    last = run(4, outcome=None, is_current=True, answers=[headline("movalytics-4", after, before)], rows_rejected=20)
    return History([last, third, second, first])


def rows(html: str) -> list[str]:
    """The text of each run's row."""
    table = html.partition('<table class="runs">')[2].partition("</table>")[0]
    return [" ".join(re.sub("<[^>]*>", " ", body).split()) for body in table.split("<tbody>")[1:]]


def test_every_run_has_a_row_the_newest_first(history: History) -> None:
    last, third, second, _ = rows(render_index(history))
    assert last.startswith("24 November 2026 movalytics-4 Published now 7 October 2026 1,004 20 4 0 0 10 min 00 s 1")
    assert third.startswith(
        "23 November 2026 movalytics-3 Failed 7 October 2026 \u2013 30 \u2013 \u2013 \u2013 \u2013 \u2013"
    )
    assert second.startswith("22 November 2026 movalytics-2 Published 7 October 2026 1,002 20 2 0 0 10 min 00 s 0")


def test_only_published_runs_have_a_page_to_go_to(history: History) -> None:
    html = render_index(history)
    assert 'href="run=movalytics-4/index.html"' in html
    assert "run=movalytics-3" not in html


def test_a_failed_runs_message_is_shown_and_not_run(history: History) -> None:
    html = render_index(history)
    assert "<b>" not in html
    assert "ratings lost 30 % <b>of</b> their rows" in text(html)


def test_the_message_of_a_run_that_did_not_fail_is_left_out() -> None:
    shown = text(render_index(History([run(1, message="nothing to complain of")])))
    assert "nothing to complain of" not in shown


def test_a_name_with_markup_is_shown_and_leads_to_its_folder() -> None:
    html = render_index(History([run(1, run_id='a "b"<i>', sample="<script>1</script>")]))
    assert not {"i", "script"} & set(_Outline(html).tags)
    assert 'href="run=a%20%22b%22%3Ci%3E/index.html"' in html


def test_what_became_of_a_run_is_told_in_a_word() -> None:
    told = [
        (run(1), "published"),
        (run(1, outcome=None), "published"),
        (run(1, published_at=None), "nothing new"),
        (failed(1, outcome=None), "not over"),
        (failed(1, outcome="Error"), "error"),
        (run(1, outcome="Failed"), "failed"),  # what it published was found to be wrong
    ]
    assert [one.fate for one, _ in told] == [word for _, word in told]


def test_a_run_of_before_days_were_noted_is_of_the_day_on_which_it_was_planned() -> None:
    assert run(1, run_date=None).day == date(2026, 11, 21)


def test_changed_answers_stand_beside_those_of_before(history: History) -> None:
    shown = text(render_index(history))
    assert "movalytics-4 : 1 answer changed Highest rated films changed Fargo is rated highest." in shown
    assert "Fargo is rated highest. Before: Psycho is rated highest." in shown
    assert "movalytics-2 : the same answers as before" in shown
    assert "movalytics-1 : nothing to compare with" in shown


def test_attempts_restored_runs_and_holds_are_told(history: History) -> None:
    restoring = run(5, restores="movalytics-2", attempts=3)
    shown = text(render_index(History([restoring, *history.runs], "held at movalytics-2 since 2026-11-25 03:10 UTC")))
    assert "Restores movalytics-2 . 3 attempts." in shown
    assert "Held at movalytics-2 since 2026-11-25 03:10 UTC: no scheduled run publishes" in shown


def test_trends_are_those_of_the_published_runs_the_oldest_first(history: History) -> None:
    published, rejected, seconds, answers = trends(history)
    assert [mark.label.rpartition(": ")[2] for mark in published.marks] == ["1,001", "1,002", "1,004"]
    assert [mark.label.rpartition(": ")[2] for mark in rejected.marks] == ["10", "20", "20"]
    assert (published.lowest, published.highest, published.last) == ("1,001", "1,004", "1,004")
    assert seconds.last == "10\u00a0min\u00a000\u00a0s"
    assert [mark.label for mark in answers.marks] == [
        "22\u00a0November\u00a02026, movalytics-2: 0",
        "24\u00a0November\u00a02026, movalytics-4: 1",
    ]


def test_a_trend_goes_from_left_to_right_and_its_highest_is_at_the_top() -> None:
    marks = trend("Rows", [("a", 10), ("b", 20), ("c", 15)], str).marks
    assert [(mark.x, mark.y) for mark in marks] == [(0, 100), (50, 0), (100, 50)]


def test_one_run_alone_and_runs_that_are_alike_stand_in_the_middle() -> None:
    alone = trend("Rows", [("a", 10)], str)
    assert ([(mark.x, mark.y) for mark in alone.marks], alone.lines) == ([(100, 50)], [])
    assert [mark.y for mark in trend("Rows", [("a", 0), ("b", 0)], str).marks] == [50, 50]


def test_a_trend_says_what_its_height_stands_for() -> None:
    assert trend("Rows", [("a", 10), ("b", 30), ("c", 20)], str).ends == "10 to 30"
    assert trend("Rows", [("a", 10), ("b", 10)], str).ends == "always 10"


def test_the_answers_of_a_run_without_one_before_it_are_not_compared(history: History) -> None:
    assert rows(render_index(history))[-1].endswith(" not compared")


def test_many_marks_are_small() -> None:
    few, many = ([(str(number), float(number)) for number in range(count)] for count in (10, 100))
    assert trend("Rows", few, str).radius > trend("Rows", many, str).radius


def test_runs_of_which_the_ledger_knows_little_are_shown_without_numbers() -> None:
    unknown = ("rows_published", "rows_rejected", "rows_added", "rows_changed", "rows_removed")
    history = History([run(1, published_before=None, **dict.fromkeys(unknown))])
    assert (
        "Published 7 October 2026 \u2013 \u2013 \u2013 \u2013 \u2013 10 min 00 s \u2013"
        in rows(render_index(history))[0]
    )
    assert [one.title for one in trends(history)] == ["From plan to publication"]
    assert "The ledger holds no answers of these runs." in text(render_index(history))


def test_a_ledger_of_failures_alone_has_a_page(history: History) -> None:
    shown = text(render_index(History([failed(1, message="no source")])))
    assert "1 run planned last, the newest first: 0 published, 1 failed." in shown
    assert "no source" in shown


def test_nothing_is_loaded_from_outside_and_no_javascript_is_needed(history: History) -> None:
    html = render_index(history)
    outline = _Outline(html)
    assert outline.loaded == []
    assert "script" not in outline.tags
    assert not re.search(r"url\(|@import|https?://", html)


def test_every_plot_says_in_words_what_it_shows(history: History) -> None:
    html = render_index(history)
    assert html.count("<svg") == html.count('<svg role="img" aria-label="')
    assert "Rows published by published run, the last at the right: lowest 1,001, highest 1,004, last 1,004" in html


def test_the_document_says_the_same(history: History) -> None:
    document = json.loads(history_json(replace(history, held="held at movalytics-4")))
    last, third, *_ = document["runs"]
    assert document["held"] == "held at movalytics-4"
    assert (last["run"], last["day"], last["page"]) == ("movalytics-4", "2026-11-24", "run=movalytics-4/index.html")
    assert (last["seconds"], last["rows_added"], last["prices_until"]) == (600, 4, "2026-10")
    assert last["published_at"] == "2026-11-24T03:10:00+00:00"
    assert last["answers"] == {"highest_rated_films": {"headline": "Fargo is rated highest.", "changed": True}}
    assert (third["outcome"], third["page"], third["seconds"]) == ("Failed", None, None)
    assert third["message"] == "ratings lost 30 % <b>of</b> their rows"
