"""The options of every step that speaks to the warehouse, and the connections that they lead to."""

import argparse
from collections.abc import Callable

from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.redshift.address import parse_address
from movalytics_warehouse.redshift.connection import connect


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


def connector(arguments: argparse.Namespace) -> Callable[[], Connection]:
    """A function that makes a new connection to `--warehouse`. Raises InvalidSettings for a bad URL."""
    address = parse_address(arguments.warehouse)
    return lambda: connect(address)
