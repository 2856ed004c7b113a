"""`redshift-local --data=DIR …` serves until SIGTERM or SIGINT."""

import argparse
import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from redshift_local import log
from redshift_local.errors import InvalidSettings, StandInError, StorageFailed, Unavailable
from redshift_local.serving.server import Options, serve

UNEXPECTED = 70  # EX_SOFTWARE in sysexits.h
_OPTIONS = ("data", "host", "port", "database", "user", "address_file", "password_file", "tls_certificate", "tls_key")


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    summary = "A Redshift stand-in: serves until SIGTERM or SIGINT."
    parser = argparse.ArgumentParser(prog="redshift-local", description=summary, allow_abbrev=False)
    parser.add_argument("--data", type=Path, required=True, help="directory that keeps the databases")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5439, help="0 takes a free one")
    parser.add_argument("--database", default="dev")
    parser.add_argument("--user", default="awsuser")
    parser.add_argument("--address-file", type=Path, help="where to write HOST:PORT when ready")
    parser.add_argument("--password-file", type=Path, help="holds the user's password; without it none is asked")
    parser.add_argument("--tls-certificate", type=Path, help="PEM file; without it one is made and kept in --data")
    parser.add_argument("--tls-key", type=Path, help="PEM file")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Serve; the exit code: 0, the error's own, or 70 for what nobody foresaw."""
    arguments = build_parser().parse_args(argv)
    log.configure()
    try:
        sessions = serve(Options(**{name: getattr(arguments, name) for name in _OPTIONS}))
    except Exception as error:  # noqa: BLE001 the one place where everything ends as a sentence and a code
        sentence, exit_code = _sentence(error)
        log.error("failed", error if arguments.debug else None, error=sentence, exit_code=exit_code)
        return exit_code
    log.info("stopped", sessions=sessions)
    return 0


def _sentence(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code."""
    if isinstance(error, StandInError):
        return str(error), error.exit_code
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return "memory has run out: give the stand-in more", InvalidSettings.exit_code
    if isinstance(error, OSError):
        return _sentence_of_system(error)
    return f"unexpected {type(error).__name__}: {error}; run with --debug to see where", UNEXPECTED


def _sentence_of_system(error: OSError) -> tuple[str, int]:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        where = error.filename or "--data"
        return f"no space left while writing {where}: free some space and start again", StorageFailed.exit_code
    if isinstance(error, ConnectionError | TimeoutError):
        return f"a connection failed ({error}): start again", Unavailable.exit_code
    return f"cannot use {error.filename or 'a file'}: {error.strerror or error}", StorageFailed.exit_code


if __name__ == "__main__":
    sys.exit(main())
