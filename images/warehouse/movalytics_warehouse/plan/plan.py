"""`plan`: is there something to publish that is not published yet? Registers the run in the ledger."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from movalytics_common.errors import InvalidSettings, PublishRefused
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import Run, find_run, lock, made_for, published_run, refuse_older
from movalytics_warehouse.plan.allowance import parse_allowance, written
from movalytics_warehouse.plan.ceilings import declared
from movalytics_warehouse.plan.condemning import spared
from movalytics_warehouse.plan.day import run_day
from movalytics_warehouse.plan.holding import held
from movalytics_warehouse.plan.making import Making, makings, tell
from movalytics_warehouse.plan.migrate import migrate
from movalytics_warehouse.plan.registering import register
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.transactions import in_transaction

SAMPLE_BYTES = 1000  # of load_run.sample


def plan(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Migrate, register the run, and write `run` or `stop`. Raises PublishRefused for an older or a published run.

    Raises InvalidSettings for an allowance of what has no ceiling, or a day that is none.
    """
    connect, day = connector(arguments), run_day(arguments, datetime.now(UTC))
    asked = Run(
        run_id=arguments.run,
        attempt=0,
        movies_version=arguments.movies_version,
        cpi_version=arguments.cpi_version,
        code_digest=arguments.code_digest,
        forced=arguments.force != "false",
        rebuilds=arguments.force == "true",
        run_date=day,
        sample=_sample(arguments.sample),
        allowed=written(parse_allowance(arguments.allow, declared().ceilings)),
    )
    seen = makings(arguments.application, asked.rebuilds)
    migrated = migrate(connect)
    decision, made = in_transaction(connect, lambda connection: _decided(connection, asked, seen))
    Path(arguments.decision_to).write_text(decision)
    tell(arguments, made)
    work = {one.application: one.work for one in made}
    facts = {"run": asked.run_id, "decision": decision, "run_date": str(day), "migrated": migrated, **work}
    return {**facts, "sample": asked.sample, "allowed": asked.allowed}


def _decided(connection: Connection, asked: Run, seen: Sequence[Making]) -> tuple[str, list[Making]]:
    """The decision, and what is to be made, with the ledger's lock: retention may have come since it was seen."""
    lock(connection)
    earlier = _earlier(connection, asked)
    made = [_after(one, earlier.get(one.application, "")) for one in spared(connection, seen)]
    return decide(connection, asked, made), made


def _after(one: Making, earlier: str) -> Making:
    """Nothing is taken over from the folder that is to be made anew."""
    return replace(one, earlier="" if earlier == one.made else earlier)


def _earlier(connection: Connection, asked: Run) -> Mapping[str, str]:
    """Application → the key of what it made for the published run; nothing for a run that makes everything anew."""
    published = published_run(connection)
    return made_for(connection, published.run_id) if published and not asked.rebuilds else {}


def _sample(text: str) -> str:
    sample = " ".join(text.split())
    if len(sample.encode()) > SAMPLE_BYTES:
        raise InvalidSettings(
            f"--sample has more than {SAMPLE_BYTES} bytes: say in one sentence what it is a sample of"
        )
    return sample


def decide(connection: Connection, asked: Run, made: Sequence[Making]) -> str:
    """`run`; `stop` when this very data and code are published; or a sentence when a person holds.

    The run is in the ledger then. Raises PublishRefused, for older data too unless the run is forced: one that does not
    rebuild may be, since a day that backfill brings is of its own data, whatever is published.
    """
    lock(connection)
    published = published_run(connection)
    _refuse_published(find_run(connection, asked.run_id), published, asked)
    if published:
        refuse_older(asked, published, is_older=asked.data_order < published.data_order)
    register(connection, asked, made)
    if (hold := held(connection)) and not asked.rebuilds:
        return hold.sentence
    return "stop" if published and _same(asked, published) and not asked.rebuilds else "run"


def _same(left: Run, right: Run) -> bool:
    return (left.movies_version, left.cpi_version, left.code_digest) == (
        right.movies_version,
        right.cpi_version,
        right.code_digest,
    )


def _refuse_published(known: Run | None, published: Run | None, asked: Run) -> None:
    """A name stands for one content: what was published under it stays what it was."""
    if known is None or known.published_at is None:
        return
    other_data = (known.movies_version, known.cpi_version) != (asked.movies_version, asked.cpi_version)
    is_current = published is not None and published.run_id == known.run_id
    if other_data or (is_current and known.code_digest != asked.code_digest):
        raise PublishRefused(
            f"run {known.run_id} is published already, from movies {known.movies_version} and CPI {known.cpi_version} "
            f"by code {known.code_digest[:12]}: give the new data or code a new run id"
        )
