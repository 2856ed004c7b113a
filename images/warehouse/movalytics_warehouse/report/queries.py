"""The facts from the warehouse: each file of sql/report gives the rows of one class of facts.py."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from movalytics_common.errors import MissingInput
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import published_run
from movalytics_warehouse.report.facts import (
    Answers,
    BoxOfficeCoverage,
    CheckResult,
    EarningGenre,
    Facts,
    PopularGenre,
    RatedFilm,
    RatingCoverage,
    Rejection,
    ReleasePeriod,
    Run,
    StepTime,
    TableCount,
)
from movalytics_warehouse.report.words import TABLE_ORDER
from movalytics_warehouse.statements import execute

Row = TypeVar("Row")


class Reader:
    """Runs the queries of sql/report for one run, all in the connection's one transaction."""

    def __init__(self, connection: Connection, run_id: str) -> None:
        self._connection = connection
        self._run_id = run_id

    def rows(self, query: str, kind: Callable[..., Row]) -> list[Row]:
        """The rows of sql/report/<query>.sql, each made into a `kind` by its columns' names."""
        return [kind(**row) for row in execute(self._connection, f"report/{query}", run_id=self._run_id)]


def read_facts(connection: Connection, run_id: str, steps: Sequence[StepTime]) -> Facts:
    """All that the report says about a run. Raises MissingInput when the ledger does not know it."""
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
        tables=_tables(reader),
        checks=reader.rows("checks", CheckResult),
        steps=steps,
    )


def _answers(reader: Reader) -> Answers:
    return Answers(
        films=reader.rows("films", RatedFilm),
        genres=reader.rows("genres", PopularGenre),
        months=reader.rows("months", ReleasePeriod),
        quarters=reader.rows("quarters", ReleasePeriod),
        earnings=reader.rows("earnings", EarningGenre),
    )


def _tables(reader: Reader) -> list[TableCount]:
    """The run's tables in the order people think of them, each with its rejections."""
    rejections = reader.rows("rejections", Rejection)
    tables = [
        replace(table, rejections=[one for one in rejections if one.table_name == table.table_name])
        for table in reader.rows("tables", TableCount)
    ]
    return sorted(tables, key=lambda table: _place(table.table_name))


def _place(table_name: str) -> tuple[int, str]:
    known = table_name in TABLE_ORDER
    return (TABLE_ORDER.index(table_name) if known else len(TABLE_ORDER), table_name)
