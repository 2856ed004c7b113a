"""report.json: the page's facts for machines."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal

from movalytics_warehouse.report import headlines
from movalytics_warehouse.report.facts import CheckResult, Facts, TableCount
from movalytics_warehouse.report.verdicts import sample_rows


def as_json(facts: Facts) -> bytes:
    """The document as UTF-8 JSON; money and means are numbers, moments are ISO 8601 in UTC."""
    return json.dumps(document(facts), indent=1, ensure_ascii=False, default=_plain).encode()


def document(facts: Facts) -> dict[str, object]:
    """The run, the four answers with their headlines, coverage, tables and marts by name, checks, steps."""
    run = facts.run
    return {
        "run": run.run_id,
        "published_run": facts.published.run_id if facts.published else None,
        "movies_version": run.movies_version,
        "cpi_version": run.cpi_version,
        "code_digest": run.code_digest,
        "published_at": run.published_at,
        "answers": _answers(facts),
        "coverage": {"ratings": asdict(facts.ratings), "box_office": asdict(facts.box_office)},
        "tables": {table.table_name: _table(table) for table in facts.tables if not table.is_mart},
        "marts": {table.table_name: _mart(table) for table in facts.tables if table.is_mart},
        "checks": [_check(check) for check in facts.checks],
        "steps": [asdict(step) for step in facts.steps],
    }


def _answers(facts: Facts) -> dict[str, object]:
    answers, sentences = facts.answers, headlines.all_four(facts)
    rows: Mapping[str, Mapping[str, object]] = {
        "highest_rated_films": {"films": [asdict(film) for film in answers.films]},
        "most_popular_genres": {"genres": [asdict(genre) for genre in answers.genres]},
        "best_release_periods": {
            "months": [_period("month", asdict(period)) for period in answers.months],
            "quarters": [_period("quarter", asdict(period)) for period in answers.quarters],
        },
        "highest_earning_genres": {"genres": [asdict(genre) for genre in answers.earnings]},
    }
    # The page keeps numbers and units on one line; a program would rather have plain blanks.
    return {name: {"headline": sentence.replace("\u00a0", " "), **rows[name]} for name, sentence in sentences.items()}


def _period(name: str, row: dict[str, object]) -> dict[str, object]:
    return {name: row.pop("number"), **row}


def _table(table: TableCount) -> dict[str, object]:
    return {
        "rows_in": table.rows_in,
        "rows_out": table.rows_out,
        "rows_rejected": table.rows_rejected,
        "rejected": {rejection.reason: rejection.row_count for rejection in table.rejections},
        "adds_up": table.adds_up,
        "staged_rows": table.staged_rows,
        "published_rows": table.published_rows,
        "table_digest": table.table_digest,
    }


def _mart(table: TableCount) -> dict[str, object]:
    return {"published_rows": table.published_rows, "table_digest": table.table_digest}


def _check(check: CheckResult) -> dict[str, object]:
    return {**asdict(check), "sample": sample_rows(check.sample)}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in report.json")
