"""The facts from the warehouse: each file of sql/report gives the rows of one class of facts.py."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from movalytics_common.errors import MissingInput
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import published_run
from movalytics_warehouse.plan.holding import held
from movalytics_warehouse.redshift.statements import execute
from movalytics_warehouse.report.accounts import Account, Outcome, with_outcomes
from movalytics_warehouse.report.facts import (
    Answers,
    BoxOfficeCoverage,
    CheckResult,
    Earlier,
    EarningGenre,
    Facts,
    PopularGenre,
    RatedFilm,
    RatingCoverage,
    ReleasePeriod,
    Run,
)
from movalytics_warehouse.report.headlines import place
from movalytics_warehouse.report.history import Headline, History, PlannedRun
from movalytics_warehouse.words import labels

MOST_RUNS = 100
Row = TypeVar("Row")


class Reader:
    """Runs the queries of sql/report for one run, all in the connection's one transaction."""

    def __init__(self, connection: Connection, run_id: str) -> None:
        self._connection = connection
        self._run_id = run_id

    def rows(self, query: str, kind: Callable[..., Row]) -> list[Row]:
        """The rows of sql/report/<query>.sql, each made into a `kind` by its columns' names."""
        return [kind(**row) for row in execute(self._connection, f"report/{query}", run_id=self._run_id)]


def read_facts(connection: Connection, run_id: str) -> Facts:
    """All that the warehouse knows of a run; its steps' times are in the lake.

    Raises MissingInput when the ledger does not know the run.
    """
    reader = Reader(connection, run_id)
    runs = reader.rows("run", Run)
    if not runs:
        raise MissingInput(f"the warehouse knows no run {run_id}: name one that movies_ops.load_run holds")
    published = published_run(connection)
    return Facts(
        run=runs[0],
        published=Reader(connection, published.run_id).rows("run", Run)[0] if published else None,
        answers=_answers(reader),
        ratings=reader.rows("rating_coverage", RatingCoverage)[0],
        box_office=reader.rows("box_office_coverage", BoxOfficeCoverage)[0],
        accounts=_accounts(reader),
        checks=reader.rows("checks", CheckResult),
        earlier=_earlier(connection, run_id),
    )


def read_history(connection: Connection, most: int = MOST_RUNS) -> History:
    """The runs planned last, the newest first, each with its answers."""
    answers = [Headline(**row) for row in execute(connection, "report/history_answers", most=most)]
    runs = [PlannedRun(**row) for row in execute(connection, "report/history", most=most)]
    hold = held(connection)
    return History([_answered(run, answers) for run in runs], hold.sentence if hold else "")


def _answered(run: PlannedRun, answers: Sequence[Headline]) -> PlannedRun:
    own = [one for one in answers if one.run_id == run.run_id]
    return replace(run, answers=sorted(own, key=lambda one: place(one.answer)))


def _answers(reader: Reader) -> Answers:
    return Answers(
        films=reader.rows("films", RatedFilm),
        genres=reader.rows("genres", PopularGenre),
        months=reader.rows("months", ReleasePeriod),
        quarters=reader.rows("quarters", ReleasePeriod),
        earnings=reader.rows("earnings", EarningGenre),
    )


def _accounts(reader: Reader) -> list[Account]:
    """The run's tables, inputs and marts in the order people think of them, each with its reasons."""
    accounts = with_outcomes(reader.rows("accounts", Account), reader.rows("outcomes", Outcome))
    return sorted(accounts, key=lambda account: _place(account.table_name))


def _earlier(connection: Connection, run_id: str) -> Earlier:
    """The runs published before, and what the last of them left in each table."""
    rows = execute(connection, "report/earlier_runs", run_id=run_id)
    run_ids = [str(row["run_id"]) for row in rows]
    last = Reader(connection, run_ids[0]).rows("accounts", Account) if run_ids else []
    return Earlier(run_ids=run_ids, digests={account.table_name: account.table_digest for account in last})


def _place(table_name: str) -> tuple[int, str]:
    order = list(labels())
    return (order.index(table_name) if table_name in order else len(order), table_name)
