"""`finish`: how and why the run ended, to the lake, to its Workflow, to the ledger, and to who wants to be told."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg2
from movalytics_common import lake
from movalytics_common.errors import PipelineError
from movalytics_common.log import get_logger
from movalytics_warehouse.ledger import lock
from movalytics_warehouse.quality.judgement import Red, advice, sentence
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import execute
from movalytics_warehouse.redshift.transactions import first_line, in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations import attempts, notices
from movalytics_operations.aftermath import Aftermath, tell_workflow
from movalytics_operations.measures import measured, write_measures
from movalytics_operations.messages import Message

MESSAGE_CHARACTERS = 500  # at most 4 bytes each in VARCHAR(2000)


@dataclass(frozen=True)
class Conclusion:
    """What the ledger made of the run's end: its message, what it is the recovery from, what warns for the first time
    today, and what Prometheus is to know."""

    message: str
    ailment: str = ""
    warnings: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    failure: PipelineError | psycopg2.Error | None = None


def finish(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Clear up on the cluster, write outcome.json, tell the Workflow and the ledger, notify.

    A lake or a warehouse that fails does not keep the others from being told: it fails the step last.
    """
    write_measures(arguments, {})  # whatever becomes of it, there is something to read
    aftermath = _settle(arguments)
    outcome = {
        "run": arguments.run,
        "status": arguments.status,
        "finished_at": datetime.now(UTC).isoformat(),
        "reason": aftermath.reason,
        "removed": aftermath.removed,
    }
    lake_failure = _write(arguments.output, outcome)
    tell_workflow(aftermath, arguments.run, arguments.status, {} if lake_failure else _places(arguments))
    conclusion = _tell_ledger(arguments, aftermath)
    write_measures(arguments, conclusion.measures)
    notices.tell(
        messages(notices.source(arguments), outcome, conclusion),
        None if conclusion.failure else connector(arguments),
        already=("failure", "success") if notices.has_told(arguments) else (),
    )
    if failure := lake_failure or conclusion.failure:
        raise failure
    told = {"run": arguments.run, "status": arguments.status, "message": conclusion.message, "reason": aftermath.reason}
    return {**told, "removed": aftermath.removed, "left": aftermath.left}


def _settle(arguments: argparse.Namespace) -> Aftermath:
    if not arguments.namespace:
        return Aftermath()
    # Kubernetes' client takes a second to import: only those who are on a cluster pay for it.
    from movalytics_operations.settling import settle  # noqa: PLC0415

    return settle(arguments.namespace, arguments.run, failed=arguments.status != "Succeeded")


def _write(output: str, outcome: Mapping[str, object]) -> PipelineError | None:
    try:
        lake.write_bytes(lake.join(output, "outcome.json"), json.dumps(outcome, indent=1).encode())
    except PipelineError as error:
        get_logger().warning("outcome_not_written", error=str(error))
        return error
    return None


def _places(arguments: argparse.Namespace) -> Mapping[str, str]:
    """Where a person finds the page, if there is one, and the records."""
    records = {"Records": arguments.output}
    if not arguments.report:
        return records
    page = lake.join(arguments.report, "index.html")
    try:
        return {"Page": page, **records} if lake.exists(page) else records
    except PipelineError as error:
        get_logger().warning("page_not_found", error=str(error))
        return records


def _tell_ledger(arguments: argparse.Namespace, aftermath: Aftermath) -> Conclusion:
    try:
        connect = connector(arguments)
        return in_transaction(connect, lambda connection: conclude(connection, arguments, aftermath))
    except (PipelineError, psycopg2.Error) as error:
        get_logger().warning("ledger_not_told", error=first_line(error))
        message = "; ".join(filter(None, [aftermath.reason, f"the ledger was not told: {error}"]))
        return Conclusion(message, failure=error)


def conclude(connection: Connection, arguments: argparse.Namespace, aftermath: Aftermath) -> Conclusion:
    """Note the outcome of run and attempt; the message says what the red checks found, else why the run failed."""
    lock(connection)
    run_id, status = arguments.run, arguments.status
    is_well = status == "Succeeded"
    red = [] if is_well else [Red(**row) for row in execute(connection, "movies_ops/red_checks", run_id=run_id)]
    message = "; ".join(filter(None, [sentence(red), advice(red)]))[:MESSAGE_CHARACTERS] if red else aftermath.reason
    execute(connection, "movies_ops/finish_run", run_id=run_id, outcome=status, message=message)
    attempts.note(connection, run_id, aftermath.started_at, status, message)
    measures = measured(connection, arguments) if arguments.measure else {}
    if not is_well:
        return Conclusion(message, measures=measures)
    return Conclusion(message, notices.ailment(connection), tuple(notices.warnings(connection, run_id)), measures)


def messages(source: str, outcome: Mapping[str, object], conclusion: Conclusion) -> list[Message]:
    """How the run ended, and apart from that what warns."""
    run, is_well = str(outcome["run"]), outcome["status"] == "Succeeded"
    if not is_well:
        return [Message("failure", source, conclusion.message, outcome, (run,))]
    warned = conclusion.warnings
    about = {"run": run, "status": outcome["status"]}
    found = [Message("warnings", source, f"checks found something: {', '.join(warned)}", about, warned)]
    return [_ended_well(source, outcome, conclusion), *(found if warned else [])]


def _ended_well(source: str, outcome: Mapping[str, object], conclusion: Conclusion) -> Message:
    if not conclusion.ailment:
        return Message("success", source, conclusion.message, outcome)
    text = f"it succeeded after {conclusion.ailment}"
    return Message("recovery", source, text, outcome, (str(outcome["run"]),))
