"""`report`: the four answers and the run behind them, as one page for people and one document for machines."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace

from movalytics_common import lake
from movalytics_common.step import add_step

from movalytics_warehouse.redshift.options import add_run, connector
from movalytics_warehouse.redshift.transactions import in_transaction
from movalytics_warehouse.report.answers import keep_answers
from movalytics_warehouse.report.document import as_json
from movalytics_warehouse.report.facts import Facts
from movalytics_warehouse.report.page import render
from movalytics_warehouse.report.queries import read_facts
from movalytics_warehouse.report.records import read_steps, read_usual


def add_report(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand `report`."""
    parser = add_step(parsers, "report", report, "Write the page of the four answers and report.json.")
    add_run(parser)
    parser.add_argument("--records", required=True, metavar="URI", help="where the run's steps left their records")
    parser.add_argument(
        "--after",
        action="append",
        default=[],
        type=_order,
        metavar="STEP=STEP && …",
        help="which steps a step waits for; once for each step",
    )
    parser.add_argument("--output", required=True, metavar="URI", help="where index.html and report.json go")


def report(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write report.json and index.html. Raises MissingInput for an unknown run, InvalidData for a broken record."""
    connect = connector(arguments)
    facts = in_transaction(connect, lambda connection: read_facts(connection, arguments.run))
    if facts.is_current:  # else they are another run's
        in_transaction(connect, lambda connection: keep_answers(connection, facts))
    facts = _with_times(facts, arguments.records, dict(arguments.after))
    page = lake.join(arguments.output, "index.html")
    lake.write_bytes(lake.join(arguments.output, "report.json"), as_json(facts))
    lake.write_bytes(page, render(facts).encode())
    return {"run": arguments.run, "page": page, "published_now": facts.is_current}


def _order(text: str) -> tuple[str, list[str]]:
    """A step and those it waits for."""
    step, equals, others = text.partition("=")
    if not (step and equals and others):
        raise argparse.ArgumentTypeError(f"{text} is not STEP=STEP && …")
    return step, others.split(" && ")


def _with_times(facts: Facts, records: str, after: Mapping[str, Sequence[str]]) -> Facts:
    usual = read_usual(records, facts.run.run_id, facts.earlier.run_ids)
    return replace(facts, steps=read_steps(records), after=after, earlier=replace(facts.earlier, usual=usual))
