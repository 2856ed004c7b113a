"""What is done about runs: `python -m movalytics_operations <verb> --warehouse=URL …`."""

import argparse
import sys

from movalytics_common import lake
from movalytics_common.step import add_step, run
from movalytics_warehouse.plan.day import add_day, add_schedule
from movalytics_warehouse.redshift.options import add_run, add_warehouse

from movalytics_operations.alarm import alarm
from movalytics_operations.finish import finish
from movalytics_operations.notify import add_notify

Parsers = argparse._SubParsersAction


def build_parser() -> argparse.ArgumentParser:
    """All verbs of operations."""
    parser = argparse.ArgumentParser(prog="movalytics_operations", description=__doc__, allow_abbrev=False)
    parsers = parser.add_subparsers(required=True, metavar="VERB")
    _add_finish(parsers)
    _add_alarm(parsers)
    return parser


def _add_finish(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "finish", finish, "record how the run ended, and tell")
    add_run(parser)
    parser.add_argument("--status", required=True, choices=["Succeeded", "Failed", "Error"])
    parser.add_argument("--output", required=True, metavar="URI", help="folder for outcome.json")
    add_notify(parser)
    parser.add_argument(
        "--namespace", default="", metavar="NS", help="where the run's Workflow is; empty: on no cluster"
    )
    parser.add_argument("--report", default="", metavar="URI", help="the run's reports folder, where its page is")


def _add_alarm(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "alarm", alarm, "fail and tell when a day has no successful run")
    add_warehouse(parser)
    add_day(parser)
    add_schedule(parser)
    add_notify(parser)


if __name__ == "__main__":
    sys.exit(run(build_parser(), lake.write_bytes))
