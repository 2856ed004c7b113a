"""The index of all runs: a page for people, and the same for machines."""

from collections.abc import Mapping

from movalytics_warehouse import words
from movalytics_warehouse.report import formats
from movalytics_warehouse.report.document import encoded
from movalytics_warehouse.report.history import History, PlannedRun
from movalytics_warehouse.report.page import environment
from movalytics_warehouse.report.plots import Trend, trend

# What each trend is of, and how a number of it is written.
TRENDS = (
    ("Rows published", lambda run: run.rows_published, formats.number),
    ("Rows rejected", lambda run: run.rows_rejected, formats.number),
    ("From plan to publication", lambda run: run.seconds, formats.duration),
    ("Answers changed", lambda run: run.changed_answers, formats.number),
)


def render_index(history: History) -> str:
    """The page as HTML that needs nothing beside it, every value escaped."""
    return environment().get_template("index.html").render(history=history, trends=trends(history), words=words)


def trends(history: History) -> list[Trend]:
    """How it went on from one published run to the next; a number that no run has gives none."""
    found = [(title, history.series(of), shown) for title, of, shown in TRENDS]
    return [
        trend(title, [(_name(run), number) for run, number in series], shown)
        for title, series, shown in found
        if series
    ]


def _name(run: PlannedRun) -> str:
    return f"{formats.day(run.day)}, {run.run_id}"


def history_json(history: History) -> bytes:
    """The document as UTF-8 JSON: the runs, the newest first, and the hold that is in force ("" for none)."""
    return encoded({"held": history.held, "runs": [_run(run) for run in history.runs]})


def _run(run: PlannedRun) -> Mapping[str, object]:
    return {
        "run": run.run_id,
        "day": run.day,
        "page": run.page,
        "published_now": run.is_current,
        "planned_at": run.planned_at,
        "published_at": run.published_at,
        "published_before": run.published_before,
        "outcome": run.outcome,
        "message": run.why,
        "attempts": run.attempts,
        "restores": run.restores,
        "sample": run.sample,
        "movies_version": run.movies_version,
        "cpi_version": run.cpi_version,
        "prices_until": f"{run.prices_until:%Y-%m}" if run.prices_until else "",
        "rows_published": run.rows_published,
        "rows_rejected": run.rows_rejected,
        "rows_added": run.rows_added,
        "rows_changed": run.rows_changed,
        "rows_removed": run.rows_removed,
        "seconds": run.seconds,
        "answers": {one.answer: {"headline": one.headline, "changed": one.is_changed} for one in run.answers},
    }
