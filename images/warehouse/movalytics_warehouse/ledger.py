"""The ledger of runs in movies_ops: who planned, staged and published what, and in which order runs stand."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from movalytics_common.declaration import tables
from movalytics_common.errors import MissingInput, PublishRefused
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.redshift.statements import Rows, execute

CPI_VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Run:
    """A run as the ledger knows it; `published_digest` is what it published last, `run_date` the day it is for.

    `sample` says of what its data are a sample, `allowed` which ceilings were raised for it (allowance.written),
    `forced` that it may be older than what is published, `rebuilds` that what is there already counts for nothing.
    """

    run_id: str
    attempt: int
    movies_version: str
    cpi_version: str
    code_digest: str
    forced: bool
    published_at: datetime | None = None
    published_digest: str | None = None
    run_date: date | None = None
    sample: str = ""
    allowed: str = ""
    rebuilds: bool = False

    @property
    def data_order(self) -> tuple[int, str]:
        """Kaggle's version number (0 for files), then the last month of the CPI series."""
        number = int(self.movies_version) if self.movies_version.isdecimal() else 0
        month = CPI_VERSION.fullmatch(self.cpi_version)
        return number, month[1] if month else ""

    @property
    def order(self) -> tuple[int, str, int]:
        """Where the run stands among all runs: its data, then the attempt."""
        return *self.data_order, self.attempt


def now() -> datetime:
    """The time in UTC as Redshift's TIMESTAMP holds it, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def lock(connection: Connection) -> None:
    """Wait to be the only writer until the transaction ends."""
    execute(connection, "movies_ops/lock")


def find_run(connection: Connection, run_id: str) -> Run | None:
    """The run of this name, if it was planned."""
    rows = execute(connection, "movies_ops/find_run", run_id=run_id)
    return Run(**rows[0]) if rows else None


def planned_run(connection: Connection, run_id: str) -> Run:
    """The run of this name. Raises MissingInput when it was never planned."""
    run = find_run(connection, run_id)
    if run is None:
        raise MissingInput(f"the warehouse knows no run {run_id}: plan it first")
    return run


def published_run(connection: Connection) -> Run | None:
    """The run whose rows the tables hold now."""
    rows = execute(connection, "movies_ops/published_run")
    return Run(**rows[0]) if rows else None


def published_before(connection: Connection, moment: datetime | None, most: int = 1) -> Rows:
    """The runs that were published before this moment, the newest first: run_id, planned_at, published_at."""
    return execute(connection, "movies_ops/published_before", moment=moment, most=most)


def answers(connection: Connection, run_id: str) -> Mapping[str, str]:
    """Answer → the sentence that the run's report gave; none for a run without a report."""
    rows = execute(connection, "movies_ops/run_answers", run_id=run_id)
    return {row["answer"]: row["headline"] for row in rows}


def made_for(connection: Connection, run_id: str) -> Mapping[str, str]:
    """Application → the key of what it made for the run."""
    return {row["application"]: row["made"] for row in execute(connection, "movies_ops/made_for", run_id=run_id)}


def note_table(connection: Connection, run_id: str, table: str, statement: str, **values: object) -> None:
    """Update the run's row of this table in load_table by `statement`; there is no ON CONFLICT to add a missing one."""
    key = {"run_id": run_id, "table_name": table}
    if not execute(connection, "movies_ops/find_table", **key):
        execute(connection, "movies_ops/add_table", **key)
    execute(connection, statement, **key, **values)


def content_digest(manifests: Mapping[str, str]) -> str:
    """One digest for what a run brings: over the digests of its manifests, by table."""
    lines = "".join(f"{table} {digest}\n" for table, digest in sorted(manifests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def staged_digest(connection: Connection, run_id: str) -> str:
    """The content digest of what lies in staging. Raises PublishRefused unless all of it is this run's."""
    rows = {row["table_name"]: row for row in execute(connection, "movies_ops/staging_content")}
    for table in tables():
        if table not in rows:
            raise PublishRefused(f"{table} of run {run_id} is not staged: run stage first")
        if rows[table]["run_id"] != run_id:
            raise PublishRefused(
                f"staging holds {table} of run {rows[table]['run_id']}, not of {run_id}: run stage for {run_id} again"
            )
    return content_digest({table: rows[table]["manifest_digest"] for table in tables()})


def refuse_older(run: Run, published: Run, is_older: bool) -> None:
    """Raises PublishRefused when the run stands before the published one and was not forced."""
    if is_older and not run.forced:
        raise PublishRefused(
            f"run {run.run_id} (movies {run.movies_version}, CPI {run.cpi_version}) is older than the published run "
            f"{published.run_id} (movies {published.movies_version}, CPI {published.cpi_version}): "
            "to go back to it on purpose, run it with force"
        )
