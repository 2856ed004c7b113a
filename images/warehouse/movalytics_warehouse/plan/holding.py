"""A hold: the tables keep what they hold until somebody releases it, whatever a schedule starts."""

from dataclasses import dataclass
from datetime import datetime

from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import now
from movalytics_warehouse.redshift.statements import execute


@dataclass(frozen=True)
class Hold:
    """The run whose rows are to stay, since when (UTC), and the run whose data it restored, if it did."""

    run_id: str
    since: datetime
    restores: str | None

    @property
    def sentence(self) -> str:
        """As people read it."""
        return f"held at {self.restores or self.run_id} since {self.since:%Y-%m-%d %H:%M} UTC"


def held(connection: Connection) -> Hold | None:
    """The hold that is in force. That of a restored run is from the moment that publishes it, or never."""
    rows = execute(connection, "movies_ops/held")
    return Hold(**rows[0]) if rows else None


def hold(connection: Connection, run_id: str, restores: str | None = None) -> None:
    """Hold at this run, in place of what was held before it, once it is published."""
    execute(connection, "movies_ops/forget_hold", run_id=run_id)
    execute(connection, "movies_ops/insert_hold", run_id=run_id, restores=restores, now=now())


def release(connection: Connection) -> None:
    """Hold no more."""
    execute(connection, "movies_ops/release_holds", now=now())
