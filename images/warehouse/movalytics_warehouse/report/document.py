"""report.json: the page's facts for machines."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal

from movalytics_warehouse.report import certainty, headlines
from movalytics_warehouse.report.accounts import KINDS, MERGED, REJECTED, Account
from movalytics_warehouse.report.allowances import read_allowed
from movalytics_warehouse.report.facts import CheckResult, Facts
from movalytics_warehouse.report.timeline import TimedStep, timeline
from movalytics_warehouse.report.verdicts import sample_rows, warned


def as_json(facts: Facts) -> bytes:
    """The document as UTF-8 JSON; money and means are numbers, moments are ISO 8601 in UTC."""
    return encoded(document(facts))


def encoded(content: Mapping[str, object]) -> bytes:
    """Any document of the report as UTF-8 JSON."""
    return json.dumps(content, indent=1, ensure_ascii=False, default=_plain).encode()


def document(facts: Facts) -> dict[str, object]:
    """The run, its data, the four answers, coverage, accounts, tables and marts by name, changes, checks, steps."""
    run = facts.run
    return {
        "run": run.run_id,
        "published_run": facts.published.run_id if facts.published else None,
        "movies_version": run.movies_version,
        "cpi_version": run.cpi_version,
        "code_digest": run.code_digest,
        "published_at": run.published_at,
        "data": _data(facts),
        "answers": _answers(facts),
        "coverage": {"ratings": asdict(facts.ratings), "box_office": asdict(facts.box_office)},
        "accounts": [_account(account) for account in facts.accounts if not account.is_mart],
        "tables": {account.table_name: _table(account) for account in facts.accounts if account.is_table},
        "marts": {account.table_name: _mart(account) for account in facts.accounts if account.is_mart},
        "checks": [_check(check) for check in facts.checks],
        "changes": asdict(facts.changes),
        "warned": [check.check_name for check in warned(facts.checks)],
        "allowed": [{"name": one.name, "share": one.share} for one in read_allowed(run.allowed)],
        **_times(facts),
    }


def _data(facts: Facts) -> dict[str, str]:
    """Of what the answers are; a date is empty while there is none."""
    ratings, prices = facts.ratings.last_rating, facts.box_office.last_cpi_month
    return {
        "sample": facts.answering.sample,
        "ratings_until": f"{ratings:%Y-%m-%d}" if ratings else "",
        "prices_until": f"{prices:%Y-%m}" if prices else "",
    }


def _answers(facts: Facts) -> dict[str, object]:
    answers, sentences, sure = facts.answers, headlines.all_four(facts), certainty.all_four(facts)
    rows: Mapping[str, Mapping[str, object]] = {
        "highest_rated_films": {"films": [asdict(film) for film in answers.films]},
        "most_popular_genres": {"genres": [asdict(genre) for genre in answers.genres]},
        "best_release_periods": {
            "months": [_period("month", asdict(period)) for period in answers.months],
            "quarters": [_period("quarter", asdict(period)) for period in answers.quarters],
        },
        "highest_earning_genres": {"genres": [asdict(genre) for genre in answers.earnings]},
    }
    return {
        name: {"headline": headlines.plain(sentence), "certainty": headlines.plain(sure[name]), **rows[name]}
        for name, sentence in sentences.items()
    }


def _period(name: str, row: dict[str, object]) -> dict[str, object]:
    return {name: row.pop("number"), **row}


def _account(account: Account) -> dict[str, object]:
    return {
        "name": account.table_name,
        "rows_in": account.rows_in,
        "accepted": account.rows_out,
        **{kind: account.rows(kind) for kind in KINDS},
        "reasons": {kind: account.reasons(kind) for kind in KINDS},
    }


def _table(account: Account) -> dict[str, object]:
    return {
        "rows_in": account.rows_in,
        "rows_out": account.rows_out,
        "rows_rejected": account.rows(REJECTED),
        "rejected": account.reasons(REJECTED),
        "rows_merged": account.rows(MERGED),
        "merged": account.reasons(MERGED),
        "adds_up": account.adds_up,
        "staged_rows": account.staged_rows,
        **_mart(account),
    }


def _mart(account: Account) -> dict[str, object]:
    return {"published_rows": account.published_rows, "table_digest": account.table_digest}


def _check(check: CheckResult) -> dict[str, object]:
    return {**asdict(check), "sample": sample_rows(check.sample)}


def _times(facts: Facts) -> dict[str, object]:
    line = timeline(facts.steps, facts.earlier.usual, facts.after)
    rows = {step.step: step.rows for step in facts.steps}
    return {
        "steps": [_step(step, rows[step.step]) for step in line.steps],
        "elapsed_seconds": round(line.elapsed, 3),
        "idle_seconds": round(line.idle, 3),
    }


def _step(step: TimedStep, rows: int | None) -> dict[str, object]:
    waited = None if step.waited is None else round(step.waited, 3)
    return {
        "step": step.step,
        "started_at": step.started_at,
        "seconds": step.seconds,
        "rows": rows,
        "waited_seconds": waited,
        "usual_seconds": step.usual,
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a document of the report")
