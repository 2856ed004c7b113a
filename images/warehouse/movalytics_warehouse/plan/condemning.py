"""Curated data that retention takes away: condemned in the ledger first, so that a run makes anew what it needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import now
from movalytics_warehouse.plan.making import Making
from movalytics_warehouse.redshift.statements import execute, execute_rows

Key = tuple[str, str]
"""An application, and the key of what it made."""


def condemned(connection: Connection) -> Mapping[Key, datetime]:
    """Key → since when it is condemned (UTC)."""
    rows = execute(connection, "movies_ops/condemned")
    return {(row["application"], row["made"]): row["condemned_at"] for row in rows}


def condemn(connection: Connection, keys: Iterable[Key]) -> None:
    """No run takes these for made any more; those that are condemned already stay so."""
    fresh = [key for key in keys if key not in condemned(connection)]
    rows = [{"application": application, "made": made, "now": now()} for application, made in fresh]
    execute_rows(connection, "movies_ops/insert_condemned", rows)


def spared(connection: Connection, made: Sequence[Making]) -> list[Making]:
    """As they are to be made after all: what somebody saw before it was condemned may be half gone."""
    doomed = condemned(connection)
    return [replace(one, maker="") if (one.application, one.made) in doomed else one for one in made]
