"""Which of the warehouse's errors are worth another try, and how often."""

import psycopg2
import psycopg2.errors
import pytest
from movalytics_common.errors import Unavailable
from movalytics_warehouse.redshift import transactions
from movalytics_warehouse.redshift.transactions import in_transaction, is_transient


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
