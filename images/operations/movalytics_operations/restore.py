"""`restore`: an earlier run's data once more, from what its applications made: the run that publishes it holds."""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from movalytics_common.errors import InvalidSettings, MissingInput, PublishRefused
from movalytics_warehouse.ledger import Run, find_run, lock, made_for
from movalytics_warehouse.plan.condemning import condemned
from movalytics_warehouse.plan.day import run_day
from movalytics_warehouse.plan.holding import hold
from movalytics_warehouse.plan.making import Making, kept, tell
from movalytics_warehouse.plan.migrate import migrate
from movalytics_warehouse.plan.registering import register
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.transactions import in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name


def restore(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Register a run that is about an earlier one's data, and put out where they are.

    Retention may take them until the run is registered, so its word is asked for twice.
    Raises MissingInput for a run or data that are not there, PublishRefused for a run that was never published.
    """
    connect, day = connector(arguments), run_day(arguments, datetime.now(UTC))
    migrate(connect)
    earlier, keys = in_transaction(connect, lambda connection: _known(connection, arguments.restores))
    made = _kept(arguments, keys)
    asked = replace(
        earlier,
        run_id=arguments.run,
        attempt=0,
        code_digest=arguments.code_digest,
        forced=True,
        rebuilds=False,
        run_date=day,
    )
    in_transaction(connect, lambda connection: _enter(connection, asked, made, earlier.run_id))
    tell(arguments, made)
    return {
        "run": asked.run_id,
        "restores": earlier.run_id,
        "run_date": day,
        **{one.application: one.made for one in made},
    }


def _known(connection: Connection, run_id: str) -> tuple[Run, Mapping[str, str]]:
    """The run, and application → the key of what it made for it."""
    if not run_id:
        raise InvalidSettings("restores is empty: name the run to go back to, as `movalytics runs` lists them")
    run = find_run(connection, run_id)
    if run is None:
        raise MissingInput(f"the warehouse knows no run {run_id}: `movalytics runs` lists those that it knows")
    if run.published_at is None:
        raise PublishRefused(f"run {run_id} was never published: restore one that was (`movalytics runs` lists them)")
    keys = made_for(connection, run_id)
    _refuse_condemned(connection, keys, run_id)
    return run, keys


def _refuse_condemned(connection: Connection, keys: Mapping[str, str], run_id: str) -> None:
    doomed = condemned(connection)
    for application, made in keys.items():
        if since := doomed.get((application, made)):
            raise MissingInput(
                f"retention removed what {application} made for {run_id} on {since:%Y-%m-%d}: {_way_out(run_id)}"
            )


def _kept(arguments: argparse.Namespace, keys: Mapping[str, str]) -> list[Making]:
    way_out = _way_out(arguments.restores)
    if not keys:
        raise MissingInput(f"{arguments.restores} was published before curated data had keys: {way_out}")
    try:
        return kept(arguments.application, keys)
    except MissingInput as error:
        raise MissingInput(f"{error}; {way_out}") from error


def _way_out(run_id: str) -> str:
    return f"load its versions again with force instead of restoring {run_id}"


def _enter(connection: Connection, asked: Run, made: list[Making], restores: str) -> None:
    lock(connection)
    _refuse_condemned(connection, {one.application: one.made for one in made}, restores)
    register(connection, asked, made)
    hold(connection, asked.run_id, restores)
