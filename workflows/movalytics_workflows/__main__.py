"""Film ratings and consumer prices into a checked warehouse: the pipeline on this machine, and its manifests."""

import argparse
import errno
import io
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from movalytics_common.errors import PipelineError, StorageFailed

from movalytics_workflows.house import DEFAULT_HOME
from movalytics_workflows.local.errors import Interrupted

if TYPE_CHECKING:
    from movalytics_workflows.local.settings import Home

Parser = argparse.ArgumentParser
Work = Callable[[argparse.Namespace], None]
_EXIT_CODES = "A failure is one sentence on standard error and an exit code; README.md lists the codes."
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments ask; 0, or an error's exit code with its sentence on standard error."""
    _print_anywhere()
    arguments = _parser().parse_args(argv)
    for stop in _STOPS:
        signal.signal(stop, _interrupt)
    try:
        arguments.work(arguments)
    except (PipelineError, OSError) as error:
        if arguments.debug:
            traceback.print_exc()
        return _fail(error)
    return 0


# Each imports what it needs by itself: Hera takes seconds, which the others need not wait for.
def _render(arguments: argparse.Namespace) -> None:  # noqa: ARG001 every command takes them
    from movalytics_workflows.render import render  # noqa: PLC0415

    render()


def _run(arguments: argparse.Namespace) -> None:
    from movalytics_workflows.local.run import RunOptions, run  # noqa: PLC0415

    where, how = _home(arguments), (arguments.force, arguments.port, arguments.debug, arguments.allow)
    run(RunOptions(where, arguments.source, *how))


def _restore(arguments: argparse.Namespace) -> None:
    from movalytics_workflows.local.run import RunOptions, restore  # noqa: PLC0415

    restore(RunOptions(_home(arguments), debug=arguments.debug), arguments.run)


def _backfill(arguments: argparse.Namespace) -> None:
    from movalytics_workflows.local.backfill import backfill  # noqa: PLC0415
    from movalytics_workflows.local.run import RunOptions  # noqa: PLC0415

    how = {"debug": arguments.debug, "allow": arguments.allow}
    backfill(RunOptions(_home(arguments), arguments.source, **how), arguments.first, arguments.last)


def _ask(arguments: argparse.Namespace) -> None:
    """What is asked between two runs: the function of the command's name, with its own arguments."""
    from movalytics_workflows.local import ask  # noqa: PLC0415

    common = {"command", "work", "home", "debug"}
    own = {name: given for name, given in vars(arguments).items() if name not in common}
    getattr(ask, arguments.command)(_home(arguments), **own)


def _sizing(arguments: argparse.Namespace) -> None:
    from movalytics_workflows.sizing.words import sizing  # noqa: PLC0415

    sizing(arguments.rows)


def _home(arguments: argparse.Namespace) -> "Home":
    from movalytics_workflows.local.settings import Home  # noqa: PLC0415

    return Home(Path(arguments.home).expanduser().resolve())


def _print_anywhere() -> None:
    """A terminal that lacks a letter shows a question mark: what is done is done, and worth no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="movalytics", description=__doc__, epilog=_EXIT_CODES, allow_abbrev=False)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show tracebacks")
    local = argparse.ArgumentParser(add_help=False, parents=[common])
    local.add_argument(
        "--home", default=str(DEFAULT_HOME), metavar="DIRECTORY", help="where lake and warehouse are kept"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, work: Work, summary: str, parent: argparse.ArgumentParser = local) -> Parser:
        found = commands.add_parser(name, parents=[parent], help=summary, description=summary, allow_abbrev=False)
        found.set_defaults(work=work)
        return found

    _add_run(command("run", _run, "from the sources to the warehouse and the page"))
    _add_back_and_forth(command)
    _add_questions(command)
    command("render", _render, "write manifests/ for Argo", common)
    return parser


def _add_source(run: Parser) -> None:
    run.add_argument(
        "--source",
        default="",
        metavar="WHERE",
        help="a directory or .zip in Kaggle's layout, or kaggle; empty: the sample",
    )
    run.add_argument(
        "--allow", default="", metavar="LOSSES", help="raise ceilings for this run, as ratings.not_in_links=0.3 …"
    )


def _add_run(run: Parser) -> None:
    _add_source(run)
    run.add_argument("--force", action="store_true", help="load again what is published, or what is older")
    run.add_argument("--port", type=int, default=0, help="port of the local warehouse meanwhile; 0: any")


def _add_back_and_forth(command: Callable[[str, Work, str], Parser]) -> None:
    runs = command("runs", _ask, "list the runs, the newest first")
    runs.add_argument("--most", type=int, default=20, metavar="NUMBER", help="how many (default: 20)")
    show = command("show", _ask, "tell what is known of one run")
    show.add_argument("run", metavar="RUN", help="a run, as runs lists them")
    diff = command("diff", _ask, "tell what is different in a run from another")
    diff.add_argument("before", metavar="A", help="the run that is compared with")
    diff.add_argument("run", metavar="B", help="the run that is told of")
    advise = command("advise", _ask, "tell what a run's executors used, and the Helm values to set next")
    advise.add_argument("run", metavar="RUN", help="a run that started Spark, as runs lists them")
    backfill = command("backfill", _backfill, "bring the days that have no successful run, then what is newest")
    _add_source(backfill)
    backfill.add_argument("--from", required=True, dest="first", metavar="DAY", help="the first day, as 2026-01-31")
    backfill.add_argument("--to", required=True, dest="last", metavar="DAY", help="the last day, today at the latest")
    restore = command("restore", _restore, "publish an earlier run's data again, and hold")
    restore.add_argument("run", metavar="RUN", help="a run that was published, as runs lists them")
    command("hold", _ask, "let no run publish, unless it is forced to")
    command("release", _ask, "let runs publish again")
    retention = command("retention", _ask, "list what no run needs any more, or delete it")
    retention.add_argument(
        "--keep", type=int, metavar="NUMBER", help="published runs whose data stay (default: as the chart has it)"
    )
    retention.add_argument("--apply", action="store_true", help="delete it")


def _add_questions(command: Callable[[str, Work, str], Parser]) -> None:
    query = command("query", _ask, "print a query's rows as CSV")
    query.add_argument("--sql", required=True, metavar="SELECT", help="one query, in Redshift's SQL")
    command("report", _ask, "open the latest page, or print its path")
    command("dictionary", _ask, "write what every table, mart and answer is, as a page")
    sizing = command("sizing", _sizing, "tell how big and how dear runs of more ratings are, by what was measured")
    sizing.add_argument("--rows", type=int, metavar="NUMBER", help="of so many ratings alone (default: 1 to 100 times)")
    serve = command("serve", _ask, "keep the local warehouse up for other programs")
    serve.add_argument("--port", type=int, default=5439, help="where it listens on 127.0.0.1 (default: 5439)")


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signal module's signature
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_IGN)  # ending the children is not to be interrupted
    raise Interrupted(number)


def _storage_sentence(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"no space left for {error.filename or 'the logs'}: free some space and run again"
    return f"cannot use {error.filename or 'the home'}: {error.strerror or error}"


def _fail(error: PipelineError | OSError) -> int:
    ours = error if isinstance(error, PipelineError) else StorageFailed(_storage_sentence(error))
    print(ours, file=sys.stderr)  # noqa: T201
    return ours.exit_code


if __name__ == "__main__":
    sys.exit(main())
