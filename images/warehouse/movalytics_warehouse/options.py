"""The options that the steps of this room share, and the connections that they lead to."""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from movalytics_common.errors import InvalidSettings
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.address import parse_address
from movalytics_warehouse.connection import connect

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


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


def add_run_date(parser: argparse.ArgumentParser) -> None:
    """`--run-date`, the day a run is for."""
    parser.add_argument("--run-date", default="", metavar="YYYY-MM-DD", help="the day it is for; empty: today, UTC")


def add_notify(parser: argparse.ArgumentParser) -> None:
    """`--notify`, who wants to be told."""
    parser.add_argument("--notify", default="", metavar="URL", help="where to POST the outcome; empty for nowhere")


def run_date(arguments: argparse.Namespace) -> date:
    """The day of `--run-date`. Raises InvalidSettings for what is none."""
    text = arguments.run_date
    if not text:
        return datetime.now(UTC).date()
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidSettings(f"--run-date={text} is no day: write it as YYYY-MM-DD, or leave it empty for today (UTC)")


def connector(arguments: argparse.Namespace) -> Callable[[], Connection]:
    """A function that makes a new connection to `--warehouse`. Raises InvalidSettings for a bad URL."""
    address = parse_address(arguments.warehouse)
    return lambda: connect(address)
