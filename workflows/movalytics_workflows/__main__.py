"""Film ratings and consumer prices into a checked warehouse: the pipeline on this machine, and its manifests."""

import argparse
import errno
import io
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from movalytics_common.errors import PipelineError, StorageFailed

from movalytics_workflows.house import ROOT
from movalytics_workflows.local.errors import Interrupted

_EXIT_CODES = "A failure is one sentence on standard error and an exit code; README.md lists the codes."
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments ask; 0, or an error's exit code with its sentence on standard error."""
    _print_anywhere()
    arguments = _parser().parse_args(argv)
    for stop in _STOPS:
        signal.signal(stop, _interrupt)
    try:
        _work(arguments)
    except (PipelineError, OSError) as error:
        if arguments.debug:
            traceback.print_exc()
        return _fail(error)
    return 0


def _work(arguments: argparse.Namespace) -> None:
    # Imported here: what one command needs (Hera takes a second) the others need not wait for.
    if arguments.command == "render":
        from movalytics_workflows.render import render  # noqa: PLC0415

        render()
        return
    from movalytics_workflows.local.settings import Home  # noqa: PLC0415

    home = Home(Path(arguments.home).expanduser().resolve())
    if arguments.command == "run":
        from movalytics_workflows.local.run import RunOptions, run  # noqa: PLC0415

        run(RunOptions(home, arguments.source, arguments.force, arguments.port, arguments.debug, arguments.allow))
        return
    from movalytics_workflows.local import ask  # noqa: PLC0415

    if arguments.command == "query":
        ask.query(home, arguments.sql)
    elif arguments.command == "serve":
        ask.serve(home, arguments.port)
    elif arguments.command == "dictionary":
        ask.dictionary(home)
    else:
        ask.report(home)


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
        "--home", default=str(ROOT / ".movalytics"), metavar="DIRECTORY", help="where lake and warehouse are kept"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", parents=[local], help="from the sources to the warehouse and the page")
    run.add_argument(
        "--source",
        default="",
        metavar="WHERE",
        help="a directory or .zip in Kaggle's layout, or kaggle; empty: the sample",
    )
    run.add_argument("--force", action="store_true", help="load again what is published, or what is older")
    run.add_argument(
        "--allow", default="", metavar="LOSSES", help="raise ceilings for this run, as ratings.not_in_links=0.3 …"
    )
    run.add_argument("--port", type=int, default=0, help="port of the local warehouse meanwhile; 0: any")
    query = commands.add_parser("query", parents=[local], help="print a query's rows as CSV")
    query.add_argument("--sql", required=True, metavar="SELECT", help="one query, in Redshift's SQL")
    commands.add_parser("report", parents=[local], help="open the latest page, or print its path")
    commands.add_parser("dictionary", parents=[local], help="write what every table, mart and answer is, as a page")
    serve = commands.add_parser("serve", parents=[local], help="keep the local warehouse up for other programs")
    serve.add_argument("--port", type=int, default=5439, help="where it listens on 127.0.0.1 (default: 5439)")
    commands.add_parser("render", parents=[common], help="write manifests/ for Argo")
    return parser


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
