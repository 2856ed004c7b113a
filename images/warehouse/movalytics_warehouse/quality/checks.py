"""The checks: queries that return the offending rows, one rule a file, and what became of each."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import psycopg2
from movalytics_common.declaration import sql_folder
from movalytics_common.errors import InvalidSettings
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name
from psycopg2.extensions import new_type, register_type
from psycopg2.extras import RealDictCursor

from movalytics_warehouse.ledger import now
from movalytics_warehouse.redshift.statements import statements
from movalytics_warehouse.redshift.transactions import first_line, is_transient

Stage = Literal["staged", "marts", "published"]
State = Literal["pass", "fail", "error", "skip"]
SEVERITY = re.compile(r"-- severity: (error|warn)\n")
SAMPLE = re.compile(r"^-- sample: (\d+)$", re.MULTILINE)
MIN_HISTORY = re.compile(r"^-- min_history: (\d+)$", re.MULTILINE)
# One pass gives both the number of offending rows and a few of them.
OFFENDING = sql.SQL("select offending.*, count(*) over () as violations_ from ({}) as offending limit {}")
# Python has no year 47000, which is what milliseconds taken for seconds become: dates stay text, by their type numbers.
DATES_AS_TEXT = new_type((1082, 1114, 1184), "DATES_AS_TEXT", lambda value, _: value)
SAMPLE_BYTES = 4000
SAMPLE_ROWS = 5
CELL_CHARACTERS = 200


@dataclass(frozen=True)
class Check:
    """One rule on one table; it needs `min_history` other published runs to compare with, keeps `sample_rows`."""

    name: str
    table: str
    stage: Stage
    severity: str
    min_history: int
    query: str
    sample_rows: int = SAMPLE_ROWS


@dataclass(frozen=True)
class Result:
    """What a check found: the columns of movies_ops.quality_result beside run, stage and content."""

    check_name: str
    table_name: str
    severity: str
    state: State
    violations: int | None
    sample: str
    seconds: float
    checked_at: datetime

    @property
    def is_red(self) -> bool:
        """Whether it stops the run."""
        return self.severity == "error" and self.state in {"fail", "error"}


def load_checks(stage: Stage, folder: Path | None = None) -> list[Check]:
    """Every `<table>/checks/<stage>/<rule>.sql`, sorted. Raises InvalidSettings for one without severity."""
    paths = (folder or sql_folder()).glob(f"**/checks/{stage}/*.sql")
    return sorted((_read(path, stage) for path in paths), key=lambda check: (check.table, check.name))


def _read(path: Path, stage: Stage) -> Check:
    text = path.read_text()
    severity = SEVERITY.match(text)
    if not severity:
        raise InvalidSettings(f"the first line of {path} must be -- severity: error or -- severity: warn")
    history = MIN_HISTORY.search(text)
    (query,) = statements(path)
    sample = SAMPLE.search(text)
    return Check(
        name=path.stem,
        table=path.parents[2].name,
        stage=stage,
        severity=severity[1],
        min_history=int(history[1]) if history else 0,
        query=query,
        sample_rows=int(sample[1]) if sample else SAMPLE_ROWS,
    )


def run_checks(
    connection: Connection, checks: Sequence[Check], run_id: str, history: int, earlier: Sequence[Result] = ()
) -> list[Result]:
    """The earlier results and all of these. Inside a transaction the first that cannot run ends it: skip the rest."""
    results = list(earlier)
    for check in checks:
        aborted = not connection.autocommit and any(result.state == "error" for result in results)
        if aborted:
            results.append(_skipped(check, "an earlier check could not run and ended the transaction"))
        elif history < check.min_history:
            results.append(_skipped(check, f"needs {check.min_history} published runs, there are {history}"))
        else:
            result = run_check(connection, check, run_id)
            ended = not connection.autocommit and result.state == "error"
            # Redshift has no savepoints: whatever its severity, nothing can be committed after it.
            results.append(replace(result, severity="error") if ended else result)
    return results


def run_check(connection: Connection, check: Check, run_id: str) -> Result:
    """One result; a query that fails is state `error`, a lost connection is raised."""
    checked_at, started = now(), time.monotonic()
    try:
        query = OFFENDING.format(sql.SQL(check.query), sql.Literal(check.sample_rows))
        rows = offending_rows(connection, query, {"run_id": run_id})
    except psycopg2.Error as error:
        return _result(check, "error", None, finding(connection, error), started, checked_at)
    violations = rows[0]["violations_"] if rows else 0
    sample = sample_json([{name: cell for name, cell in row.items() if name != "violations_"} for row in rows])
    return _result(check, "fail" if rows else "pass", violations, sample, started, checked_at)


def finding(connection: Connection, error: psycopg2.Error) -> str:
    """The sample of a check that could not run. Raises an error that is not the check's: a lost connection."""
    if is_transient(error) or connection.closed:
        raise error
    return json.dumps({"error": first_line(error)})


def offending_rows(
    connection: Connection, query: str | sql.Composed, values: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """A query's rows; days and moments are text."""
    with connection.cursor(cursor_factory=RealDictCursor) as cursor:
        register_type(DATES_AS_TEXT, cursor)
        cursor.execute(query, values)  # without values a % stays a %
        return cast("list[dict[str, Any]]", cursor.fetchall())


def _result(
    check: Check, state: State, violations: int | None, sample: str, started: float, checked_at: datetime
) -> Result:
    seconds = round(time.monotonic() - started, 3)
    return Result(check.name, check.table, check.severity, state, violations, sample, seconds, checked_at)


def _skipped(check: Check, why: str) -> Result:
    return Result(check.name, check.table, check.severity, "skip", None, json.dumps({"skipped": why}), 0.0, now())


def sample_json(rows: list[dict[str, Any]]) -> str:
    """As many of the rows as fit into the ledger's column, as a JSON list; long texts are cut."""
    for count in range(len(rows), 0, -1):
        cells = [{name: _cell(value) for name, value in row.items()} for row in rows[:count]]
        text = json.dumps(cells, ensure_ascii=False)
        if len(text.encode()) <= SAMPLE_BYTES:
            return text
    return "[]"


def _cell(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else str(value)[:CELL_CHARACTERS]
