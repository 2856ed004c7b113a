"""`finish`: how the run ended, to the lake first, then to the ledger, then to whoever wants to be told."""

import argparse
import http.client
import json
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime

import psycopg2
from movalytics_common import lake
from movalytics_common.errors import PipelineError
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import lock
from movalytics_warehouse.options import connector
from movalytics_warehouse.statements import execute
from movalytics_warehouse.transactions import in_transaction

NOTIFY_SECONDS = 10
MESSAGE_CHARACTERS = 500  # at most 4 bytes each in VARCHAR(2000)


def finish(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write outcome.json, note the outcome in the ledger, notify. A warehouse that is down fails the step last."""
    outcome = {"run": arguments.run, "status": arguments.status, "finished_at": datetime.now(UTC).isoformat()}
    lake.write_bytes(lake.join(arguments.output, "outcome.json"), json.dumps(outcome, indent=1).encode())
    try:
        message = in_transaction(
            connector(arguments), lambda connection: conclude(connection, arguments.run, arguments.status)
        )
    except (PipelineError, psycopg2.Error) as error:
        notify(arguments.notify, {**outcome, "message": f"the ledger was not told: {error}"})
        raise
    notify(arguments.notify, {**outcome, "message": message})
    return {"run": arguments.run, "status": arguments.status, "message": message}


def conclude(connection: Connection, run_id: str, status: str) -> str:
    """Note the outcome in load_run; the message there says which checks were red (empty when the run succeeded)."""
    lock(connection)
    red = [] if status == "Succeeded" else execute(connection, "movies_ops/red_checks", run_id=run_id)
    names = ", ".join(f"{row['stage']} {row['table_name']}/{row['check_name']}" for row in red)
    message = f"checks failed: {names}"[:MESSAGE_CHARACTERS] if names else ""
    execute(connection, "movies_ops/finish_run", run_id=run_id, outcome=status, message=message)
    return message


def notify(url: str, outcome: Mapping[str, object]) -> None:
    """POST the outcome as JSON when there is somewhere to; nobody listening is a warning, not a failure."""
    if not url:
        return
    if not url.startswith(("http://", "https://")):
        get_logger().warning("not_notified", url=url, error="the URL must start with http:// or https://")
        return
    body = json.dumps(outcome).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 checked above
    try:
        with urllib.request.urlopen(request, timeout=NOTIFY_SECONDS):  # noqa: S310
            get_logger().info("notified", url=url)
    except (OSError, ValueError, http.client.HTTPException) as error:
        get_logger().warning("not_notified", url=url, error=str(error))
