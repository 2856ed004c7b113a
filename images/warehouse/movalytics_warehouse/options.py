"""The options that the steps of this room share, and the connections that they lead to."""

import argparse
from collections.abc import Callable

from movalytics_common.errors import Unavailable
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.address import parse_address
from movalytics_warehouse.connection import connect


def add_warehouse(parser: argparse.ArgumentParser) -> None:
    """`--warehouse`, where to connect."""
    parser.add_argument(
        "--warehouse",
        required=True,
        metavar="URL",
        help="redshift://USER@HOST:PORT/DATABASE?credentials=password|provisioned|serverless&sslmode=…; "
        "the password comes from PGPASSWORD or PGPASSFILE",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """`--warehouse` and `--run`, the run's name."""
    add_warehouse(parser)
    parser.add_argument("--run", required=True, metavar="ID", help="the run's name, at most 128 bytes")


def add_notify(parser: argparse.ArgumentParser) -> None:
    """`--notify`, who wants to be told, and `--last-exit-code`, whether an earlier attempt has done so."""
    parser.add_argument("--notify", default="", metavar="URL", help="where to POST the outcome; empty for nowhere")
    parser.add_argument(
        "--last-exit-code",
        default="0",
        metavar="CODE",
        help="of this step's attempt before; after 75 it has told already",
    )


def unless_told(arguments: argparse.Namespace) -> str:
    """`--notify`, or nowhere when the attempt before this one failed only after it had told."""
    return "" if arguments.last_exit_code == str(Unavailable.exit_code) else str(arguments.notify)


def connector(arguments: argparse.Namespace) -> Callable[[], Connection]:
    """A function that makes a new connection to `--warehouse`. Raises InvalidSettings for a bad URL."""
    address = parse_address(arguments.warehouse)
    return lambda: connect(address)
