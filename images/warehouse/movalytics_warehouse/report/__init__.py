"""`report`: the four answers, the run behind them and the index of all runs, for people and for machines."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace

from movalytics_common import lake
from movalytics_common.step import add_step

from movalytics_warehouse.redshift.options import add_run, connector
from movalytics_warehouse.redshift.transactions import in_transaction
from movalytics_warehouse.report.answers import keep_answers
from movalytics_warehouse.report.comparison import read_changes
from movalytics_warehouse.report.document import as_json
from movalytics_warehouse.report.facts import Facts
from movalytics_warehouse.report.history import History
from movalytics_warehouse.report.index import history_json, render_index
from movalytics_warehouse.report.page import render
from movalytics_warehouse.report.queries import read_facts, read_history
from movalytics_warehouse.report.records import read_steps, read_usual


def add_report(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand `report`."""
    parser = add_step(parsers, "report", report, "Write the run's page and the index of all runs.")
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
    parser.add_argument(
        "--output",
        required=True,
        metavar="URI",
        help="…/run=RUN, where index.html and report.json go; the index of all runs and history.json go beside it",
    )


def report(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write the run's page and the index. Raises MissingInput for an unknown run, InvalidData for a broken record."""
    connect, output = connector(arguments), arguments.output.rstrip("/")
    facts = in_transaction(connect, lambda connection: read_facts(connection, arguments.run))
    if facts.is_current:  # else they are another run's
        in_transaction(connect, lambda connection: keep_answers(connection, facts))
    facts = replace(facts, changes=in_transaction(connect, lambda connection: read_changes(connection, facts.run)))
    page = _write_page(output, _with_times(facts, arguments.records, dict(arguments.after)))
    index = _write_index(output.rpartition("/")[0], in_transaction(connect, read_history))
    return {"run": arguments.run, "page": page, "index": index, "published_now": facts.is_current}


def _write_page(folder: str, facts: Facts) -> str:
    page = lake.join(folder, "index.html")
    lake.write_bytes(lake.join(folder, "report.json"), as_json(facts))
    lake.write_bytes(page, render(facts).encode())
    return page


def _write_index(folder: str, history: History) -> str:
    """Of all runs that the ledger knows, so that whoever writes it last says no less than those before."""
    index = lake.join(folder, "index.html")
    lake.write_bytes(lake.join(folder, "history.json"), history_json(history))
    lake.write_bytes(index, render_index(history).encode())
    return index


def _order(text: str) -> tuple[str, list[str]]:
    """A step and those it waits for."""
    step, equals, others = text.partition("=")
    if not (step and equals and others):
        raise argparse.ArgumentTypeError(f"{text} is not STEP=STEP && …")
    return step, others.split(" && ")


def _with_times(facts: Facts, records: str, after: Mapping[str, Sequence[str]]) -> Facts:
    usual = read_usual(records, facts.run.run_id, facts.earlier.run_ids)
    return replace(facts, steps=read_steps(records), after=after, earlier=replace(facts.earlier, usual=usual))
