"""The warehouse's commands: `python -m movalytics_warehouse <verb> --warehouse=URL …`."""

import argparse
import sys

from movalytics_common import lake
from movalytics_common.step import add_step, run

from movalytics_warehouse.load.publish import publish
from movalytics_warehouse.load.stage import stage
from movalytics_warehouse.plan.day import add_day
from movalytics_warehouse.plan.making import applications
from movalytics_warehouse.plan.migrate import migrate
from movalytics_warehouse.plan.plan import plan
from movalytics_warehouse.quality.check import check
from movalytics_warehouse.redshift.options import add_run, add_warehouse, connector
from movalytics_warehouse.redshift.query import query
from movalytics_warehouse.report import add_report
from movalytics_warehouse.report.dictionary import dictionary

Parsers = argparse._SubParsersAction


def build_parser() -> argparse.ArgumentParser:
    """All verbs of the warehouse."""
    parser = argparse.ArgumentParser(prog="movalytics_warehouse", description=__doc__, allow_abbrev=False)
    parsers = parser.add_subparsers(required=True, metavar="VERB")
    _add_plan(parsers)
    _add_load(parsers)
    add_report(parsers)
    _add_people(parsers)
    return parser


def _add_plan(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "plan", plan, "decide whether there is something new to publish")
    add_run(parser)
    parser.add_argument("--movies-version", required=True, help="the data set's version, from discover")
    parser.add_argument("--cpi-version", required=True, help="the CPI series' version, from discover")
    parser.add_argument("--code-digest", required=True, metavar="HEX", help="digest of transforms and SQL")
    add_day(parser)
    parser.add_argument(
        "--force",
        choices=["true", "older", "false"],
        default="false",
        help="true: run though nothing is newer, and make everything anew; older: run though it is older",
    )
    parser.add_argument("--sample", default="", metavar="SENTENCE", help="of what the data are a sample; empty: all")
    parser.add_argument(
        "--allow", default="", metavar="NAMES", help="ceilings raised for this run, as ratings.not_in_links=0.3 …"
    )
    parser.add_argument("--decision-to", required=True, metavar="PATH", help="file that gets run or stop")
    parser.add_argument(
        "--application",
        action="append",
        nargs=3,
        default=[],
        metavar=("NAME", "PREFIX", "INGREDIENTS"),
        help="an application, the folder of what it makes but for its key, and all that decides what that holds",
    )
    for application in applications():
        parser.add_argument(f"--{application}-made-to", metavar="PATH", help="file that gets the key")
        parser.add_argument(f"--{application}-work-to", metavar="PATH", help="file that gets make, or have and whose")
        parser.add_argument(
            f"--{application}-earlier-to", metavar="PATH", help="file that gets the published run's key"
        )


def _add_load(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "stage", stage, "load the curated files into schema movies_staging")
    add_run(parser)
    parser.add_argument(
        "--input",
        required=True,
        action="append",
        nargs=2,
        metavar=("APPLICATION", "URI"),
        help="the folder of what an application made; once for each",
    )
    parser.add_argument("--copy-role", required=True, metavar="ROLE", help="COPY's role: an ARN or default")
    parser.add_argument("--output", required=True, metavar="URI", help="folder for manifests of what is copied")
    parser = add_step(parsers, "check", check, "run the checks of a stage")
    add_run(parser)
    parser.add_argument("--stage", required=True, choices=["staged", "published"])
    parser.add_argument("--output", required=True, metavar="URI", help="folder for checks-<stage>.json and .xml")
    parser = add_step(parsers, "publish", publish, "publish the staged run in one transaction")
    add_run(parser)
    parser.add_argument("--output", required=True, metavar="URI", help="folder for checks-marts.json and .xml")


def _add_people(parsers: "Parsers[argparse.ArgumentParser]") -> None:
    parser = add_step(parsers, "query", query, "print a query's result as CSV")
    add_warehouse(parser)
    parser.add_argument("--sql", required=True, help="a SELECT")
    parser = add_step(parsers, "dictionary", dictionary, "write what every table, mart and answer is")
    parser.add_argument("--output", required=True, metavar="URI", help="folder for index.html and dictionary.json")
    parser = add_step(
        parsers, "migrate", lambda arguments: {"applied": migrate(connector(arguments))}, "bring the schema up to date"
    )
    add_warehouse(parser)


if __name__ == "__main__":
    sys.exit(run(build_parser(), lake.write_bytes))
