"""What was told before, by the ledger: a failure until its recovery, and which checks warned today."""

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import datetime, time

import psycopg2
from movalytics_common.errors import InvalidSettings, PipelineError, Unavailable
from movalytics_common.log import get_logger
from movalytics_warehouse.ledger import lock, now
from movalytics_warehouse.redshift.address import parse_address
from movalytics_warehouse.redshift.statements import execute, execute_rows
from movalytics_warehouse.redshift.transactions import first_line, in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.messages import Message
from movalytics_operations.notify import notify, receiver


def add_last_exit_code(parser: argparse.ArgumentParser) -> None:
    """`--last-exit-code`, whether an earlier attempt of this step has told already."""
    parser.add_argument(
        "--last-exit-code",
        default="0",
        metavar="CODE",
        help="of this step's attempt before; after 75 it has told already",
    )


def has_told(arguments: argparse.Namespace) -> bool:
    """Whether the attempt before this one failed only after it had told."""
    return bool(arguments.last_exit_code == str(Unavailable.exit_code))


def source(arguments: argparse.Namespace) -> str:
    """Whose news it is: the warehouse, without who logs in."""
    try:
        return str(parse_address(arguments.warehouse))
    except InvalidSettings:
        return "movalytics"


def ailment(connection: Connection) -> str:
    """The failure or lateness that was told and from which no recovery was told since, in words; else empty."""
    if not execute(connection, "movies_ops/knows_notices"):
        return ""
    told = execute(connection, "movies_ops/last_notice")
    if not told or told[0]["event"] == "recovery":
        return ""
    what = {"failure": "the failure of", "late": "nothing was there for"}[told[0]["event"]]
    return f"{what} {told[0]['about']}"


def warnings(connection: Connection, run_id: str) -> list[str]:
    """The checks of severity warn that found something in this run, but for those that were told today (UTC)."""
    checks = execute(connection, "movies_ops/objections", run_id=run_id)
    found = [f"{one['stage']} {one['table_name']}/{one['check_name']}" for one in checks if one["severity"] == "warn"]
    if not found or not execute(connection, "movies_ops/knows_notices"):
        return found
    since = datetime.combine(now().date(), time.min)
    told = {row["about"] for row in execute(connection, "movies_ops/warnings_told", since=since)}
    return [check for check in found if check not in told]


def tell(messages: Sequence[Message], connect: Callable[[], Connection] | None, already: Sequence[str] = ()) -> None:
    """Tell whoever wants to know, and have the ledger remember what arrived.

    Events that are told `already` are remembered and not told. Without a ledger to `connect` to nothing is remembered.
    """
    who = receiver(os.environ)
    if who is None:
        return
    wanted = [message for message in messages if who.wants(message.event)]
    told = [message for message in wanted if message.event in already or notify(message, who)]
    rows = [{"event": message.event, "about": about} for message in told for about in message.remembered]
    if rows and connect:
        _remember(connect, rows)


def _remember(connect: Callable[[], Connection], rows: Sequence[dict[str, str]]) -> None:
    """A ledger that fails here costs no more than a message that is told once more."""
    try:
        in_transaction(connect, lambda connection: _note(connection, rows))
    except (PipelineError, psycopg2.Error) as error:
        get_logger().warning("notices_not_kept", error=first_line(error))


def _note(connection: Connection, rows: Sequence[dict[str, str]]) -> None:
    lock(connection)
    if execute(connection, "movies_ops/knows_notices"):
        execute_rows(connection, "movies_ops/insert_notice", [{**row, "now": now()} for row in rows])
