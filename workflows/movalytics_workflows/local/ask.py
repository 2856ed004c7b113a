"""`make query`, `report`, `dictionary` and `serve`: the warehouse and the page between two runs."""

import os
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movalytics_common.errors import InvalidSettings, MissingInput, Unavailable

from movalytics_workflows import lake
from movalytics_workflows.chart import values
from movalytics_workflows.local import warehouse
from movalytics_workflows.local.errors import LockHeld, StepFailed
from movalytics_workflows.local.events import Event, Events, last_line
from movalytics_workflows.local.lock import holder
from movalytics_workflows.local.processes import Processes, Supervised, base_environment, children, wait
from movalytics_workflows.local.settings import Home
from movalytics_workflows.local.summary import latest_page
from movalytics_workflows.local.view import say
from movalytics_workflows.local.work import at_work

_QUERY = "make query"
_PATIENCE = 60.0


def query(home: Home, sql: str) -> None:
    """Print the query's rows as CSV and nothing else.

    Raises InvalidSettings when there is no query, StepFailed with the query's exit code.
    """
    if not sql.strip():
        raise InvalidSettings('there is no query to ask: give one, as make query SQL="select * from movies.genre"')
    _ask(home, "query", ["movalytics_warehouse", "query"], [f"--sql={sql}"], "the query")


def runs(home: Home, most: int) -> None:
    """Print the last runs as a table. Raises StepFailed with its exit code."""
    _ask(home, "runs", ["movalytics_operations", "runs"], [f"--most={most}"], "movalytics runs")


def show(home: Home, run: str) -> None:
    """Print what is known of a run. Raises StepFailed with its exit code."""
    _ask(home, "show", ["movalytics_operations", "show"], [f"--run={run}"], "movalytics show")


def diff(home: Home, before: str, run: str) -> None:
    """Print what is different in a run from another. Raises StepFailed with its exit code."""
    arguments = [f"--before={before}", f"--run={run}"]
    _ask(home, "diff", ["movalytics_operations", "diff"], arguments, "movalytics diff")


def advise(home: Home, run: str) -> None:
    """Print what the run's executors used, and the values to set next. Raises StepFailed with its exit code."""
    words = ["movalytics_operations", "advise", f"--run={run}", f"--events={lake.event_logs(home.lake)}"]
    with children(home.root) as processes:
        _printed(home, processes, words, base_environment(), home.root / "advise.log", "movalytics advise")


def missing_day(home: Home, first: str, last: str) -> tuple[str, int]:
    """The oldest day without a successful run, and how many there are; asked also before the first run of all."""
    days = [f"--from={first}", f"--to={last}"]
    said = _asked(home, "missing-day", ["movalytics_operations", "missing-day"], days, "movalytics backfill")
    return str(said["day"]), int(said["left"])


def retention(home: Home, keep: int | None, apply: bool) -> None:
    """Print what no run needs any more, and delete it when asked to. Raises StepFailed with its exit code."""
    # Hera, which makes every path, takes seconds to import.
    from movalytics_workflows.retention import places  # noqa: PLC0415

    kept = values()["retention"]["keep"] if keep is None else keep
    arguments = [f"--keep={kept}", *places(home.lake), f"--apply={'true' if apply else 'false'}"]
    _ask(home, "retention", ["movalytics_operations", "retention"], arguments, "movalytics retention")


def serve(home: Home, port: int) -> None:
    """The warehouse on this port until somebody stops this command. Raises Unavailable when it ends by itself."""
    log = home.root / "serve.log"
    with at_work(home, "serve"), children(home.root) as processes:
        stand_in = warehouse.start(home, processes, base_environment(), log, port)
        host, _, number = warehouse.listening(stand_in).partition(":")
        say(f"host {host}  port {number}  database {warehouse.DATABASE}  user {warehouse.USER}")
        say(f"password in {home.password_file}  TLS off  (Ctrl-C stops it)")
        wait(stand_in.process, interval=0.5)
    raise Unavailable(f"the local warehouse ended by itself: {last_line(log)} ({log})")


def report(home: Home) -> None:
    """Print where the latest page is, and open it where there is a display. Raises MissingInput when there is none."""
    page = latest_page(home)
    if page is None:
        raise MissingInput(f"there is no report in {home.root} yet: make run writes one")
    _show(page)


def dictionary(home: Home) -> None:
    """Write the data dictionary, print where it is, and open it. Raises StepFailed for a declaration without sense."""
    folder, log = home.root / "dictionary", home.root / "dictionary.log"
    folder.mkdir(parents=True, exist_ok=True)
    with children(home.root) as processes:
        events = Events(log)
        command = [sys.executable, "-m", "movalytics_warehouse", "dictionary", f"--output={folder.as_uri()}"]
        child = processes.start(command, base_environment(), log, directory=home.root)
        _require_success(child, events, "the dictionary", log)
    _show(folder / "index.html")


def hold(home: Home) -> None:
    """Let no run publish, unless it is forced to, and say so. Raises StepFailed with its exit code."""
    say(str(_ask(home, "hold", ["movalytics_operations", "hold"], [], "movalytics hold")["said"]))


def release(home: Home) -> None:
    """Let runs publish again, and say what was held. Raises StepFailed with its exit code."""
    say(str(_ask(home, "release", ["movalytics_operations", "release"], [], "movalytics release")["said"]))


def _ask(home: Home, name: str, module: list[str], arguments: list[str], what: str) -> Event:
    """Have a command done on the warehouse that is there. Raises MissingInput when none is, StepFailed."""
    if not home.warehouse.exists():
        raise MissingInput(f"there is no warehouse in {home.root} yet: make run fills one")
    return _asked(home, name, module, arguments, what)


def _asked(home: Home, name: str, module: list[str], arguments: list[str], what: str) -> Event:
    """Have a command done on the warehouse, with our standard output; its last event. Raises StepFailed."""
    log = home.root / f"{name}.log"
    environment = base_environment(PGPASSWORD=home.password())
    with children(home.root) as processes, _warehouse(home, processes, environment, log) as address:
        words = [*module, f"--warehouse={warehouse.url(address)}", *arguments]
        return _printed(home, processes, words, environment, log, what)


def _printed(
    home: Home, processes: Processes, words: list[str], environment: dict[str, str], log: Path, what: str
) -> Event:
    """Have a command done that prints on our standard output; its last event. Raises StepFailed."""
    events = Events(log)
    command = [sys.executable, "-m", *words]
    child = processes.start(command, environment, log, directory=home.root, stdout=sys.stdout.fileno())
    return _require_success(child, events, what, log)


def _require_success(child: Supervised, events: Events, what: str, log: Path) -> Event:
    """Wait for the child; its last event. Raises StepFailed with its exit code and its own sentence."""
    code, said = wait(child), events.new()
    if code:
        failed = [str(event.get("error")) for event in said if event["event"] == "failed"]
        raise StepFailed(failed[-1] if failed else f"{what} failed: {last_line(log)} ({log})", abs(code))
    return said[-1] if said else {}


def _show(page: Path) -> None:
    say(str(page))
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(page.as_uri())


@contextmanager
def _warehouse(home: Home, processes: Processes, environment: dict[str, str], log: Path) -> Iterator[str]:
    """A stand-in of our own when nobody is at work here, else the one that is running. Another query is waited for."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            with at_work(home, _QUERY):
                try:
                    yield warehouse.listening(warehouse.start(home, processes, environment, log))
                finally:
                    processes.end()  # while the lock is ours
                return
        except LockHeld:
            other = holder(home.lock)
        address = warehouse.running(home)
        if address and other and other.command != _QUERY:
            yield address
            return
        time.sleep(0.2)
    raise Unavailable(f"the warehouse in {home.root} was busy for {_PATIENCE:.0f} s: ask again later")
