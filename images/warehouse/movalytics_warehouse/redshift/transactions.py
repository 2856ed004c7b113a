"""Whole transactions, tried again on a fresh connection when the warehouse says that another try may succeed."""

import random
import re
import time
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

import psycopg2
from movalytics_common.errors import AccessDenied, MissingInput, PipelineError, StorageFailed, Unavailable
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

T = TypeVar("T")
ATTEMPTS = 5
# Serialization failure, deadlock, a lock not had, the server going down or coming up, a lost connection (class 08).
TRANSIENT_CODES = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}
# Redshift's own numbers begin the message under the general code XX000; in its details any number may be.
# https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html
TRANSIENT_NUMBER = re.compile(r"(ERROR:\s*)?(1018|1023)\b")
TRANSIENT_WORDS = (
    "Serializable isolation violation",
    "conflict with concurrent transaction",
    "server closed the connection",
    "connection already closed",
    "terminating connection",
)


def in_transaction(
    connect: Callable[[], Connection], work: Callable[[Connection], T], keep: Callable[[T], bool] = lambda _: True
) -> T:
    """The result of `work`, committed; `work` runs again from its first statement after a transient error.

    What `work` did is rolled back when its result is not one to `keep`.
    A connection lost during COMMIT leaves open whether it happened: `work` must look in the ledger first.
    A warehouse that cannot be reached at all is not tried again: that is for the orchestrator.
    Raises Unavailable after five attempts, and what `work` raises.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with closing(connect()) as connection:
                result = work(connection)
                if keep(result):
                    connection.commit()
                else:
                    connection.rollback()
                return result
        except psycopg2.Error as error:
            if not is_transient(error):
                raise named(error) from error
            problem: Exception = error
        except Unavailable as error:
            if attempt == 1:
                raise
            problem = error
        if attempt < ATTEMPTS:
            _wait(attempt, problem)
    raise Unavailable(f"the warehouse failed {ATTEMPTS} times, the last time so: {first_line(problem)}") from problem


def is_transient(error: psycopg2.Error) -> bool:
    """Whether the same transaction may succeed when it is tried again."""
    code = error.pgcode or ""
    if code in TRANSIENT_CODES or code.startswith("08"):
        return True
    if not code and type(error) in {psycopg2.OperationalError, psycopg2.DatabaseError}:
        return (
            True  # libpq's own, in many words (SSL SYSCALL, could not receive data, timed out): the connection is gone
        )
    said = str(error)
    is_told = TRANSIENT_NUMBER.match(said) or any(word in said for word in TRANSIENT_WORDS)
    return bool(is_told) and code in {"", "XX000", "25P02"}


def first_line(error: Exception) -> str:
    """The server's message without its position and context."""
    return str(error).strip().partition("\n")[0]


def _wait(attempt: int, problem: Exception) -> None:
    seconds = 0.25 * 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311 jitter, not a secret
    get_logger().warning("retry", attempt=attempt, seconds=round(seconds, 2), error=first_line(problem))
    time.sleep(seconds)


def named(error: psycopg2.Error) -> PipelineError | psycopg2.Error:
    """The error as ours where it is the warehouse's own and another try would meet it too; else as it is."""
    if error.pgcode == "42501":
        return AccessDenied(f"the warehouse refused the user: {first_line(error)}; grant what is missing")
    if error.pgcode and error.pgcode.startswith("53"):
        return StorageFailed(f"the warehouse has run out of room: {first_line(error)}; free some and run again")
    if error.pgcode == "42P01":
        return MissingInput(f"the warehouse lacks a table: {first_line(error)}; run again, for plan makes it anew")
    return error
