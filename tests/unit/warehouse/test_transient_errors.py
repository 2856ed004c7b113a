"""Which of the warehouse's errors are worth another try, and how often."""

from types import SimpleNamespace

import psycopg2
import psycopg2.errors
import pytest
from movalytics_common.errors import AccessDenied, MissingInput, PipelineError, StorageFailed, Unavailable
from movalytics_warehouse.redshift import transactions
from movalytics_warehouse.redshift.transactions import in_transaction, is_transient, named
from structlog.testing import capture_logs


@pytest.mark.parametrize(
    "error",
    [
        psycopg2.OperationalError("server closed the connection unexpectedly"),
        psycopg2.OperationalError("SSL SYSCALL error: EOF detected"),
        psycopg2.OperationalError("SSL connection has been closed unexpectedly"),
        psycopg2.OperationalError("could not receive data from server: Connection timed out"),
        psycopg2.DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq"),
        psycopg2.InterfaceError("connection already closed"),
        psycopg2.OperationalError("ERROR:  1023\nDETAIL:  Serializable isolation violation on table - 103412"),
        psycopg2.ProgrammingError("could not complete because of conflict with concurrent transaction"),
    ],
)
def test_lost_connections_and_conflicts_are_tried_again(error: psycopg2.Error) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        psycopg2.ProgrammingError("syntax error"),
        psycopg2.DataError("value too long"),
        psycopg2.errors.SyntaxError("syntax error"),
        psycopg2.NotSupportedError("no such feature"),
        psycopg2.InternalError("Spectrum Scan Error\nDETAIL:  code: 15001\n  query: 51023\n  process: [pid=10184]"),
    ],
)
def test_what_fails_again_is_not_tried_again(error: psycopg2.Error) -> None:
    assert not is_transient(error)


def told(code: str | None, said: str = "it said so") -> psycopg2.Error:
    """An error as the server tells it, with SQLSTATE."""
    kind = type("Told", (psycopg2.DatabaseError,), {"pgcode": code})
    error: psycopg2.Error = kind(said)
    return error


@pytest.mark.parametrize("code", ["40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08006", "08P01"])
def test_states_of_conflicts_and_of_lost_connections_are_tried_again(code: str) -> None:
    assert is_transient(told(code))


@pytest.mark.parametrize("code", ["40002", "42501", "42P01", "53100", "57014", "XX000", "10800"])
def test_other_states_are_not(code: str) -> None:
    assert not is_transient(told(code))


def test_redshifts_numbers_count_under_its_general_state_alone() -> None:
    assert [is_transient(told(code, "1023")) for code in ("XX000", "25P02", "42601")] == [True, True, False]


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        *(("42501", AccessDenied), ("53000", StorageFailed), ("53100", StorageFailed), ("42P01", MissingInput)),
        *((None, None), ("22003", None), ("42P02", None), ("42P07", None), ("XX000", None)),
    ],
)
def test_what_a_person_can_mend_has_a_sentence_and_an_exit_code_and_else_the_error_stays(
    code: str | None, ours: type[PipelineError] | None
) -> None:
    error = told(code, "so it is\nLINE 1: select")
    found = named(error)
    assert type(found) is ours and "so it is;" in str(found) if ours else found is error


def test_pauses_double_and_differ_by_half(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses, spans = list[float](), list[tuple[float, float]]()
    monkeypatch.setattr(transactions.time, "sleep", pauses.append)
    monkeypatch.setattr(transactions.random, "uniform", lambda *span: spans.append(span) or 1.0)

    def work(connection: object) -> None:
        raise told("40001")

    with pytest.raises(Unavailable), capture_logs() as said:
        in_transaction(Closing, work)  # type: ignore[arg-type]
    assert pauses == [0.5, 1, 2, 4]
    assert set(spans) == {(0.5, 1.5)}
    assert [one["seconds"] for one in said] == pauses


@pytest.mark.parametrize(("is_kept", "ended"), [(True, ["commit"]), (False, ["rollback"])])
def test_a_result_that_is_not_to_be_kept_is_rolled_back(is_kept: bool, ended: list[str]) -> None:
    done = list[str]()
    connection = SimpleNamespace(
        commit=lambda: done.append("commit"), rollback=lambda: done.append("rollback"), close=lambda: None
    )
    assert in_transaction(lambda: connection, lambda _: 7, keep=lambda _: is_kept) == 7  # type: ignore[arg-type, return-value]
    assert done == ended


class Closing:
    """A connection that only opens and closes."""

    def close(self) -> None: ...
    def commit(self) -> None: ...


def test_a_transaction_is_given_up_after_five_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []
    monkeypatch.setattr(transactions.time, "sleep", lambda _: None)

    def work(connection: object) -> None:
        attempts.append(connection)
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    with pytest.raises(Unavailable, match="failed 5 times, the last time so: server closed the connection"):
        in_transaction(Closing, work)  # type: ignore[arg-type]
    assert len(attempts) == 5


def test_a_warehouse_that_is_not_there_is_not_tried_again() -> None:
    attempts = []

    def connect() -> Closing:
        attempts.append(1)
        raise Unavailable("the warehouse does not answer")

    with pytest.raises(Unavailable, match="does not answer"):
        in_transaction(connect, lambda _: None)  # type: ignore[arg-type]
    assert len(attempts) == 1
