"""`hold` and `release`: whether scheduled runs may publish."""

import argparse
from collections.abc import Mapping

from movalytics_common.errors import MissingInput
from movalytics_warehouse.ledger import lock, published_run
from movalytics_warehouse.plan import holding
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.transactions import in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name


def hold(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Keep what is published until it is released. Raises MissingInput when nothing is published."""
    return {"said": in_transaction(connector(arguments), _hold)}


def release(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Let runs publish again; releasing what nobody holds changes nothing."""
    return {"said": in_transaction(connector(arguments), _release)}


def _hold(connection: Connection) -> str:
    lock(connection)
    published = published_run(connection)
    if published is None:
        raise MissingInput("nothing is published yet, so there is nothing to hold at: run the pipeline first")
    if not (found := holding.held(connection)):
        holding.hold(connection, published.run_id)
        found = holding.held(connection)
    return found.sentence if found else ""


def _release(connection: Connection) -> str:
    lock(connection)
    found = holding.held(connection)
    holding.release(connection)
    return f"released: it was {found.sentence}" if found else "nothing was held"
