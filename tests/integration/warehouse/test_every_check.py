"""Every check both ways: it passes in a world where nothing is wrong, and one bad row turns it red."""

from collections.abc import Iterator

import psycopg2
import pytest
from movalytics_common.declaration import marts, tables
from movalytics_warehouse.plan.ceilings import Ceiling, declared
from movalytics_warehouse.plan.migrate import migrate
from movalytics_warehouse.quality.checks import Check, Result, load_checks, run_check
from movalytics_warehouse.quality.row_rules import run_rules
from movalytics_warehouse.quality.suite import STAGES, every_check
from psycopg2.extensions import connection as Connection  # noqa: N812

from tests.integration.warehouse.conftest import drop_schemas
from tests.integration.warehouse.spoilers import FINE, WRITTEN, bad, lost
from tests.integration.warehouse.steps import Warehouse
from tests.integration.warehouse.world import small_world

CHECKS = {f"{check.table}/{check.name}": check for stage in STAGES for check in every_check(stage)}
JUDGED = {
    f"{table.name}/{rule.name}": (table, schema)
    for every, schema in ((tables(), "movies_staging"), (marts(), "movies"))
    for table in every.values()
    for rule in table.rules
    if schema == "movies_staging" or rule.test not in {"not_null", "fits"}  # the published column refuses these itself
}
BY_KIND = {"rejected": "losses_are_below_their_ceilings", "repaired": "repairs_are_below_their_ceilings"}
BY_REASON = [one for one in declared().ceilings if one.kind in BY_KIND and one.reason != "total"]


@pytest.fixture(scope="module")
def published(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A connection to a warehouse in which the small world is published as run `good`."""
    warehouse = Warehouse(url, tmp_path_factory.mktemp("lake"))
    drop_schemas(warehouse)
    migrate(warehouse.connect)
    warehouse.bring("good", small_world())
    warehouse.check("good", "published")
    connection = warehouse.connect()
    yield connection
    connection.close()


@pytest.fixture
def transaction(published: Connection) -> Iterator[Connection]:
    """What a test changes is gone after it."""
    yield published
    published.rollback()


def change(connection: Connection, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def look(connection: Connection, check: Check) -> tuple[str, int | None]:
    return state_of(run_check(connection, check, "good"))


def state_of(result: Result) -> tuple[str, int | None]:
    return result.state if result.state != "error" else result.sample, result.violations


def outcome(connection: Connection, name: str) -> tuple[str, int | None]:
    if name in CHECKS:
        return look(connection, CHECKS[name])
    (result,) = [one for one in run_rules(connection, *JUDGED[name]) if name.endswith(f"/{one.check_name}")]
    return state_of(result)


def test_every_check_that_is_written_has_a_bad_row_and_every_bad_row_its_check() -> None:
    files = {f"{check.table}/{check.name}" for stage in STAGES for check in load_checks(stage)}
    assert files <= set(WRITTEN) <= set(CHECKS)
    assert set(FINE) <= {*CHECKS, *JUDGED}


@pytest.mark.parametrize("name", sorted([*CHECKS, *JUDGED]))
def test_a_bad_row_turns_the_check_red_and_without_it_the_check_passes(transaction: Connection, name: str) -> None:
    change(transaction, FINE.get(name, []))
    assert outcome(transaction, name) == ("pass", 0)
    change(transaction, bad(name))
    state, violations = outcome(transaction, name)
    assert state == "fail"
    assert violations


@pytest.mark.parametrize("column", [column.name for column in tables()["movies"].columns if not column.is_required])
def test_a_column_that_was_known_and_is_not_any_more_is_damage(transaction: Connection, column: str) -> None:
    change(transaction, FINE["movies/published_rows_stay"])
    change(transaction, [f"update movies_staging.movies set {column} = null"])
    assert outcome(transaction, "movies/published_rows_stay")[0] == "fail"


@pytest.mark.parametrize("column", ["popularity", "vote_count"])
def test_a_measure_of_another_scale_is_damage_and_not_the_course_of_a_day(transaction: Connection, column: str) -> None:
    change(transaction, FINE["movies/published_rows_stay"])
    change(transaction, [f"update movies_staging.movies set {column} = {column} * 2"])
    assert outcome(transaction, "movies/published_rows_stay")[0] == "fail"


@pytest.mark.parametrize("one", BY_REASON, ids=lambda one: f"{one.name}-{one.kind}")
def test_a_declared_reason_may_take_its_share_and_not_a_row_more(transaction: Connection, one: Ceiling) -> None:
    check = CHECKS[f"movies_ops/{BY_KIND[one.kind]}"]
    at_most = round(1000 * one.share)
    change(transaction, lost(one.account, one.kind, one.reason, at_most))
    assert look(transaction, check) == ("pass", 0)
    if one.share < 1:
        change(transaction, lost(one.account, one.kind, one.reason, at_most + 1))
        assert look(transaction, check) == ("fail", 1)


@pytest.mark.parametrize("one", BY_REASON, ids=lambda one: f"{one.name}-{one.kind}")
def test_a_few_rows_of_a_small_file_are_told_and_not_refused(transaction: Connection, one: Ceiling) -> None:
    check = CHECKS[f"movies_ops/{BY_KIND[one.kind]}"]
    of_ten = f"update movies_ops.load_table set rows_in = 10 where table_name = '{one.account}'"
    at_most = max(one.few, int(10 * one.share))
    change(transaction, [*lost(one.account, one.kind, one.reason, at_most), of_ten])
    assert look(transaction, check) == ("pass", 0)
    if at_most < 10:
        change(transaction, [*lost(one.account, one.kind, one.reason, at_most + 1), of_ten])
        assert look(transaction, check)[0] == "fail"


def test_a_check_that_cannot_run_is_an_error_and_not_a_finding(transaction: Connection) -> None:
    check = Check("broken", "movies", "staged", "warn", 0, "select no_such_column from movies_staging.movies")
    result = run_check(transaction, check, "good")
    assert result.state == "error"
    assert "no_such_column" in result.sample


def test_a_lost_connection_is_not_a_finding(transaction: Connection) -> None:
    check = Check("any", "movies", "staged", "warn", 0, "select 1 as one")
    closed = psycopg2.connect(transaction.dsn)
    closed.close()
    with pytest.raises(psycopg2.InterfaceError):
        run_check(closed, check, "good")
