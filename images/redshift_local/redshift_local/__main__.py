"""`python -m redshift_local --data=DIR …` serves until SIGTERM or SIGINT."""

import argparse
import sys
from pathlib import Path

from movalytics_common import step

from redshift_local.serving.server import Options, serve


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    summary = "A Redshift stand-in: serves until SIGTERM or SIGINT."
    parser = argparse.ArgumentParser(prog="redshift_local", description=summary, allow_abbrev=False)
    parser.add_argument("--data", type=Path, required=True, help="directory that keeps the databases")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5439, help="0 takes a free one")
    parser.add_argument("--database", default="dev")
    parser.add_argument("--user", default="awsuser")
    parser.add_argument("--address-file", type=Path, help="where to write HOST:PORT when ready")
    parser.add_argument("--password-file", type=Path, help="holds the user's password; without it none is asked")
    parser.add_argument("--tls-certificate", type=Path, help="PEM file; without it one is made and kept in --data")
    parser.add_argument("--tls-key", type=Path, help="PEM file")
    step.add_common_options(parser)
    parser.set_defaults(step="redshift_local", work=work)
    return parser


def work(arguments: argparse.Namespace) -> dict[str, object]:
    """Serve with these arguments; the record has the number of sessions served."""
    names = ("data", "host", "port", "database", "user", "address_file", "password_file", "tls_certificate", "tls_key")
    return serve(Options(**{name: getattr(arguments, name) for name in names}))


def write(uri: str, data: bytes) -> None:
    """Store the record."""
    from movalytics_common import lake  # noqa: PLC0415 with boto3, it loads slower than the server starts

    lake.write_bytes(uri, data)


if __name__ == "__main__":
    sys.exit(step.run(build_parser(), write))
