"""The frame every step runs in: parse, work, record, and an exit code with one sentence when it fails."""

import argparse
import csv
import errno
import json
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from movalytics_common.errors import (
    InvalidData,
    InvalidSettings,
    PipelineError,
    StorageFailed,
    Unavailable,
    sentence,
)
from movalytics_common.log import configure, get_logger

TERMINATION_LOG = Path("/dev/termination-log")
UNEXPECTED = 70  # EX_SOFTWARE in sysexits.h
_OUT_OF_MEMORY = "memory has run out: give the step more (its memory in the values, or ulimit -v)"

Work = Callable[[argparse.Namespace], Mapping[str, object]]
Write = Callable[[str, bytes], None]


def add_step(
    parsers: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, work: Work, summary: str
) -> argparse.ArgumentParser:
    """A subcommand for one step, with the options all steps have; `work` returns the fields of the step's record."""
    parser = parsers.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    add_common_options(parser)
    parser.set_defaults(step=name, work=work)
    return parser


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """`--record` and `--debug`, which every step takes."""
    parser.add_argument("--record", default="", metavar="URI", help="where to write the step's record (JSON)")
    parser.add_argument(
        "--debug", nargs="?", const="true", default="false", choices=["true", "false"], help="show tracebacks"
    )


def run(parser: argparse.ArgumentParser, write: Write, argv: Sequence[str] | None = None) -> int:
    """Run the chosen step and return its exit code: 0, the error's own, or 70 for what nobody foresaw.

    `write(uri, data)` stores the record, `{"step", "started_at" (UTC, ISO 8601), "seconds", …the work's fields}`.
    """
    arguments = parser.parse_args(argv)
    debug = arguments.debug == "true"
    configure(debug)
    started_at, started = datetime.now(UTC), time.monotonic()
    try:
        fields = dict(arguments.work(arguments))
        seconds = round(time.monotonic() - started, 3)
        if arguments.record:
            record = {"step": arguments.step, "started_at": started_at.isoformat(), "seconds": seconds, **fields}
            write(arguments.record, json.dumps(record, indent=1, default=str).encode())
    except Exception as error:  # noqa: BLE001 the one place where everything ends as a sentence and a code
        return _fail(arguments.step, error, debug)
    get_logger().info("done", step=arguments.step, seconds=seconds, **fields)
    return 0


def _fail(step: str, error: Exception, debug: bool) -> int:
    words, exit_code = _words_and_code(error)
    said = sentence(words)
    get_logger().error("failed", step=step, error=said, exit_code=exit_code, exc_info=error if debug else None)
    if TERMINATION_LOG.exists():
        TERMINATION_LOG.write_bytes(said.encode())  # what `kubectl describe` and `argo get` show as the reason
    return exit_code


def _words_and_code(error: Exception) -> tuple[str, int]:
    """The words and the code: the step's own, or those of a fault of machine or input that it did not name."""
    if isinstance(error, PipelineError):
        return str(error), error.exit_code
    if isinstance(error, MemoryError):
        return _OUT_OF_MEMORY, InvalidSettings.exit_code
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, UnicodeError | csv.Error | json.JSONDecodeError):
        return f"the input is not the text it should be ({error})", InvalidData.exit_code
    return f"unexpected {type(error).__name__}: {error}; run with --debug to see where", UNEXPECTED


def _of_system(error: OSError) -> tuple[str, int]:
    if error.errno == errno.ENOMEM:
        return _OUT_OF_MEMORY, InvalidSettings.exit_code
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"no space left while writing {error.filename or 'to the lake'}: free some space and run again",
            StorageFailed.exit_code,
        )
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror):
        return f"a connection failed ({error}): check the network, or run again later", Unavailable.exit_code
    return f"cannot use {error.filename or 'a file'}: {error.strerror or error}", StorageFailed.exit_code
