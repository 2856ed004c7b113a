"""What is done about runs: `python -m movalytics_operations <verb> --warehouse=URL …`."""

import argparse
import sys

from movalytics_common import lake
from movalytics_common.step import add_step, run
from movalytics_warehouse.plan.day import add_day, add_schedule
from movalytics_warehouse.plan.making import applications
from movalytics_warehouse.redshift.options import add_run, add_warehouse

from movalytics_operations.advise import advise
from movalytics_operations.alarm import alarm
from movalytics_operations.diff import diff
from movalytics_operations.finish import finish
from movalytics_operations.hold import hold, release
from movalytics_operations.measures import add_measures
from movalytics_operations.missing_day import missing_day
from movalytics_operations.notices import add_last_exit_code
from movalytics_operations.restore import restore
from movalytics_operations.retention import retention
from movalytics_operations.runs import runs
from movalytics_operations.show import show

Parsers = argparse._SubParsersAction


def build_parser() -> argparse.ArgumentParser:
    """All verbs of operations."""
    parser = argparse.ArgumentParser(prog="movalytics_operations", description=__doc__, allow_abbrev=False)
    parsers = parser.add_subparsers(required=True, metavar="VERB")
    _add_finish(parsers)
    _add_alarm(parsers)
    _add_restore(parsers)
    _add_hold(parsers)
    _add_runs(parsers)
    _add_questions(parsers)
    _add_missing_day(parsers)
    _add_retention(parsers)
    return parser


def _add_finish(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "finish", finish, "record how the run ended, and tell")
    add_run(parser)
    parser.add_argument("--status", required=True, choices=["Succeeded", "Failed", "Error"])
    parser.add_argument("--output", required=True, metavar="URI", help="folder for outcome.json")
    add_last_exit_code(parser)
    parser.add_argument(
        "--namespace", default="", metavar="NS", help="where the run's Workflow is; empty: on no cluster"
    )
    parser.add_argument("--report", default="", metavar="URI", help="the run's reports folder, where its page is")
    add_measures(parser)


def _add_alarm(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "alarm", alarm, "fail and tell when a day has no successful run")
    add_warehouse(parser)
    add_day(parser)
    add_schedule(parser)
    add_last_exit_code(parser)


def _add_restore(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "restore", restore, "register a run that brings back an earlier one's data")
    add_run(parser)
    parser.add_argument("--restores", required=True, metavar="RUN", help="the run whose data are to be published again")
    parser.add_argument("--code-digest", required=True, metavar="HEX", help="digest of transforms and SQL")
    add_day(parser)
    _add_applications(parser)
    for application in applications():
        parser.add_argument(f"--{application}-made-to", metavar="PATH", help="file that gets the key")


def _add_applications(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--application",
        required=True,
        action="append",
        nargs=2,
        metavar=("NAME", "PREFIX"),
        help="an application, and the folder of what it makes but for its key",
    )


def _add_hold(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    add_warehouse(add_step(parsers, "hold", hold, "keep what is published, whatever a schedule starts"))
    add_warehouse(add_step(parsers, "release", release, "let runs publish again"))


def _add_runs(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "runs", runs, "list the runs, the newest first")
    add_warehouse(parser)
    parser.add_argument("--most", type=int, default=20, metavar="NUMBER", help="how many (default: 20)")


def _add_questions(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "show", show, "tell what is known of one run")
    add_run(parser)
    parser = add_step(parsers, "diff", diff, "tell what is different in a run from another")
    add_run(parser)
    parser.add_argument("--before", required=True, metavar="ID", help="the run that it is compared with")
    parser = add_step(parsers, "advise", advise, "tell what a run's executors used, and the values to set next")
    parser.add_argument("--run", required=True, metavar="ID", help="the run")
    parser.add_argument("--events", required=True, metavar="URI", help="the lake's folder of Spark's event logs")


def _add_missing_day(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "missing-day", missing_day, "tell the oldest day that has no successful run")
    add_warehouse(parser)
    parser.add_argument("--from", required=True, dest="first", metavar="YYYY-MM-DD", help="the first day that counts")
    parser.add_argument("--to", required=True, dest="last", metavar="YYYY-MM-DD", help="the last day that counts")
    parser.add_argument("--day-to", default="", metavar="PATH", help="file that gets the day, or none")


def _add_retention(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "retention", retention, "list what no run needs of the lake, or delete it")
    add_warehouse(parser)
    parser.add_argument("--keep", type=int, required=True, metavar="NUMBER", help="published runs whose data stay")
    _add_applications(parser)
    parser.add_argument(
        "--source",
        required=True,
        action="append",
        nargs=2,
        metavar=("NAME", "PREFIX"),
        help="a source, and the folder of what it gave but for its version",
    )
    parser.add_argument(
        "--run-folder",
        default=[],
        action="append",
        metavar="PREFIX",
        help="a folder that each run leaves, but for the run's name",
    )
    parser.add_argument(
        "--apply", nargs="?", const="true", default="false", choices=["true", "false"], help="delete it"
    )


if __name__ == "__main__":
    sys.exit(run(build_parser(), lake.write_bytes))
