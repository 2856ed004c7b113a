"""The Redshift stand-in as a child of this command: started, found, and stopped."""

import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from movalytics_common.errors import InvalidSettings, Unavailable

from movalytics_workflows.local.errors import StepFailed
from movalytics_workflows.local.events import Events, last_line
from movalytics_workflows.local.processes import Processes, Supervised
from movalytics_workflows.local.settings import Home

USER, DATABASE = "awsuser", "dev"
_PATIENCE = 60.0
_SECONDS_TO_STOP = 15


@dataclass(frozen=True)
class StandIn:
    """A stand-in that was started, what it says, and where it will write at which `host:port` it listens."""

    process: Supervised
    events: Events
    log: Path
    address_file: Path


def url(address: str) -> str:
    """The warehouse's URL for an address `host:port`; it is this machine's loopback, so without TLS."""
    return f"redshift://{USER}@{address}/{DATABASE}?credentials=password&sslmode=disable"


def start(home: Home, processes: Processes, environment: Mapping[str, str], log: Path, port: int = 0) -> StandIn:
    """Start the stand-in, which does not listen at once. Port 0 is any free one.

    Raises InvalidSettings when the port is taken.
    """
    home.password()
    _refuse_taken(port)
    events = Events(log)
    options = {
        "--data": home.warehouse,
        "--host": "127.0.0.1",
        "--port": port,
        "--database": DATABASE,
        "--user": USER,
        "--address-file": home.address,
        "--password-file": home.password_file,
    }
    command = [sys.executable, "-m", "redshift_local", *(f"{option}={value}" for option, value in options.items())]
    child = processes.start(command, environment, log, directory=home.root, grace=_SECONDS_TO_STOP)
    return StandIn(child, events, log, home.address)


def listening(stand_in: StandIn) -> str:
    """Wait until it listens; its `host:port`. Raises Unavailable when it does not come to that."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if stand_in.address_file.exists():
            return stand_in.address_file.read_text().strip()
        if stand_in.process.poll() is not None:
            break
        time.sleep(0.05)
    raise Unavailable(f"the local warehouse did not start: {_reason(stand_in.events, stand_in.log)}")


def refuse_ended(stand_in: StandIn) -> None:
    """Raises StepFailed with the stand-in's own sentence when it ended by itself: a step only met a closed door."""
    failed = [event for event in stand_in.events.new() if event["event"] == "failed"]
    if failed:
        raise StepFailed(f"the local warehouse failed: {failed[-1]['error']}", int(failed[-1]["exit_code"]))


def running(home: Home) -> str | None:
    """The address of the stand-in that another command runs in this home; None while there is none."""
    try:
        return home.address.read_text().strip() or None
    except FileNotFoundError:
        return None


def _reason(events: Events, log: Path) -> str:
    failed = [event for event in events.new() if event["event"] == "failed"]
    return str(failed[-1]["error"]) if failed else f"{last_line(log) or 'it said nothing'} ({log})"


def _refuse_taken(port: int) -> None:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError as error:
            raise InvalidSettings(
                f"port {port} of 127.0.0.1 cannot be used ({error.strerror}): choose another, as PORT=5440"
            ) from error
