"""Querying: CSV on standard output and nothing else there, and no way to change anything."""

import os
import subprocess
import sys

import pytest

from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World

COMMAND = [sys.executable, "-m", "movalytics_warehouse", "query"]


def ask(warehouse: Warehouse, statement: str) -> "subprocess.CompletedProcess[str]":
    command = [*COMMAND, f"--warehouse={warehouse.url}", f"--sql={statement}"]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_query_prints_a_header_and_its_rows(warehouse: Warehouse, world: World) -> None:
    warehouse.bring("first", world)
    statement = "select movie_id, title, is_adult, release_date, revenue, vote_average from movies.movies order by 1;"
    answer = ask(warehouse, statement)
    assert answer.returncode == 0
    assert answer.stdout == (
        "movie_id,title,is_adult,release_date,revenue,vote_average\n"
        "597,Titanic,false,1997-12-19,1845034188,7.5\n"
        "19995,Avatar,false,2009-12-15,2787965087,7.2\n"
        '27205,"Inception, \'é\' \\ ""quoted""",false,2010-07-15,,8.1\n'
    )


def test_a_query_without_rows_prints_its_header(warehouse: Warehouse) -> None:
    assert ask(warehouse, "select rating as stars from movies.ratings").stdout == "stars\n"


def test_a_percent_sign_is_a_percent_sign(warehouse: Warehouse) -> None:
    assert ask(warehouse, "select '100 %' as share").stdout == "share\n100 %\n"


def test_a_refused_query_prints_nothing_on_standard_output(warehouse: Warehouse) -> None:
    answer = ask(warehouse, "select no_such_column from movies.movies")
    assert (answer.returncode, answer.stdout) == (78, "")
    assert "no_such_column" in answer.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "statement", ["delete from movies.cpi", "drop table movies.cpi", "create table movies.x (a integer)"]
)
def test_only_a_select_is_a_query(warehouse: Warehouse, statement: str) -> None:
    with pytest.raises(Failed, match="exit 78: the warehouse refused the query"):
        warehouse.run("query", sql=statement)


@pytest.mark.parametrize("statement", ["", " ; ", "-- select 1", "/* select 1 */;"])
def test_no_query_is_refused_in_a_sentence(warehouse: Warehouse, statement: str) -> None:
    with pytest.raises(Failed, match="exit 78: there is no query to ask: give one"):
        warehouse.run("query", sql=statement)


def test_two_statements_are_refused_and_none_is_run(warehouse: Warehouse) -> None:
    with pytest.raises(Failed, match="exit 78: these are 2 statements, the second is 'select 2': ask one query"):
        warehouse.run("query", sql="select 1; select 2;")


@pytest.mark.parametrize(
    ("statement", "value"),
    [("select ';' as x;", ";"), ("select 1 as x -- one; two", "1"), ("select 'it''s; ok' as x", "it's; ok")],
)
def test_a_semicolon_in_a_text_or_comment_ends_nothing(warehouse: Warehouse, statement: str, value: str) -> None:
    assert ask(warehouse, statement).stdout == f"x\n{value}\n"


def test_csv_is_utf_8_whatever_the_terminal_prefers(warehouse: Warehouse) -> None:
    command = [*COMMAND, f"--warehouse={warehouse.url}", "--sql=select 'Amélie' as title"]
    answer = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert answer.stdout.decode() == "title\nAmélie\n"


def test_a_reader_that_has_seen_enough_is_no_error(warehouse: Warehouse) -> None:
    digits = "(select 0 as d union all select 1 union all select 2 union all select 3 union all select 4)"
    wide = f"select repeat('x', 1000) as x from {digits} a, {digits} b, {digits} c, {digits} d, {digits} e, {digits} f"
    command = [*COMMAND, f"--warehouse={warehouse.url}", f"--sql={wide}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "x\n"
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 0
    assert "Error" not in errors
