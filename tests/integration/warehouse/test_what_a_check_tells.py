"""What the result of a check holds beside its verdict: seconds, and a sample of the offending rows."""

import json

import pytest
from movalytics_common.declaration import Rule, marts, tables
from movalytics_warehouse.quality import checks, row_rules
from movalytics_warehouse.quality.checks import Check, run_check
from movalytics_warehouse.quality.row_rules import CONDITIONS, run_rules

from tests.integration.warehouse.clock import pass_seconds
from tests.integration.warehouse.steps import Warehouse

NUMBERS = [
    (f"{table.name}.{rule.column}", rule)
    for table in (*tables().values(), *marts().values())
    for rule in table.rules
    if rule.test == "fits" and rule.argument.name == "numeric"
]


def check(query: str) -> Check:
    return Check("one", "genre", "published", "error", 0, query)


def test_a_checks_seconds_are_those_that_it_took(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    pass_seconds(monkeypatch, checks, 3)
    with warehouse.connect() as connection:
        assert run_check(connection, check("select 1 as one"), "run").seconds == 3


def test_rules_share_the_seconds_of_their_one_scan(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tables()["movies"]
    pass_seconds(monkeypatch, row_rules, 3 * len(table.rules))
    with warehouse.connect() as connection:
        results = run_rules(connection, table, "movies_staging")
    assert [result.seconds for result in results] == [3] * len(table.rules)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("1 as zone, 'x' as a", {"zone": 1, "a": "x"}),
        ("date '47000-01-01' as day", {"day": "47000-01-01"}),
        ("timestamptz '47000-01-01 00:00:00+00' as moment", {"moment": "47000-01-01 00:00:00+00"}),
    ],
)
def test_a_sample_shows_every_column_and_years_that_python_lacks(
    warehouse: Warehouse, columns: str, cells: dict[str, object]
) -> None:
    with warehouse.connect() as connection:
        result = run_check(connection, check(f"select {columns}"), "run")
    assert json.loads(result.sample) == [cells]
    assert (result.state, result.violations) == ("fail", 1)


@pytest.mark.parametrize(("column", "rule"), NUMBERS, ids=[column for column, _ in NUMBERS])
def test_a_number_fits_up_to_its_columns_digits(warehouse: Warehouse, column: str, rule: Rule) -> None:
    most = 10 ** (rule.argument.size - rule.argument.scale)
    conditions = [CONDITIONS["fits"](str(number), rule) for number in (most - 1, most, 1 - most, -most)]
    assert warehouse.rows(f"select {', '.join(conditions)}") == [(False, True, False, True)]
