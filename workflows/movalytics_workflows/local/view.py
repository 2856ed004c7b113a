"""What a person sees while a run goes on: a live table in a terminal, one plain line per step elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from movalytics_workflows.local.scheduler import Watch
from movalytics_workflows.local.states import ERROR, FAILED, PAUSING, RUNNING, SKIPPED, SUCCEEDED, TaskState

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {RUNNING: "cyan", PAUSING: "yellow", SUCCEEDED: "green", FAILED: "bold red", ERROR: "bold red"}
_FRAMES = 0.2  # seconds between two pictures
Say = Callable[[str], None]


def say(text: str = "") -> None:
    """One line for a person, at once."""
    print(text, flush=True)  # noqa: T201 this is what the command is asked for


@contextmanager
def watching(title: str) -> Iterator[Watch]:
    """A function that is shown the tasks as often as one likes, and draws what changed."""
    if sys.stdout.isatty():
        with _live(title) as watch:
            yield watch
        return
    say(title)
    yield lines(say)


def lines(tell: Say) -> Watch:
    """A watcher that tells in one line each how a task ended, why it was skipped or waits to be tried again."""
    told: dict[str, tuple[str, int]] = {}

    def watch(states: Sequence[TaskState]) -> None:
        for state in states:
            now = (state.phase, state.attempt)
            worth_a_line = state.is_over or state.phase == PAUSING
            is_known = state.attempt or state.phase == SKIPPED
            if is_known and worth_a_line and told.get(state.name) != now:
                told[state.name] = now
                tell(_line(state))

    return watch


def _line(state: TaskState) -> str:
    if state.phase == PAUSING:
        return f"{state.name:<20}{state.progress}"
    if state.phase == SKIPPED:
        return f"{state.name:<20}{state.phase.lower():<12}{state.progress}"
    again = f" (attempt {state.attempt})" if state.attempt > 1 else ""
    rows = f"{state.rows:,} rows" if state.rows is not None else ""
    seconds = f"{state.seconds:.1f} s" if state.is_over else ""
    return f"{state.name:<20}{state.phase.lower() + again:<12}{rows:>15}{seconds:>10}".rstrip()


@contextmanager
def _live(title: str) -> Iterator[Watch]:
    from rich.live import Live  # noqa: PLC0415 takes a moment that runs without a terminal need not spend

    drawn = 0.0
    latest: Sequence[TaskState] = ()
    with Live(_table(title, latest), auto_refresh=False, transient=False) as picture:

        def watch(states: Sequence[TaskState]) -> None:
            nonlocal drawn, latest
            latest = states
            if time.monotonic() - drawn > _FRAMES:
                drawn = time.monotonic()
                picture.update(_table(title, states), refresh=True)

        try:
            yield watch
        finally:
            picture.update(_table(title, latest), refresh=True)


def _table(title: str, states: Sequence[TaskState]) -> "Table":
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("step", min_width=20)
    table.add_column("state", min_width=10)
    table.add_column("rows", justify="right", min_width=11)
    table.add_column("seconds", justify="right", min_width=8)
    table.add_column("progress", min_width=24, overflow="ellipsis", no_wrap=True)
    for state in states:
        style = _COLOURS.get(state.phase, "dim")
        again = f", attempt {state.attempt}" if state.attempt > 1 else ""
        rows = f"{state.rows:,}" if state.rows is not None else ""
        seconds = f"{state.seconds:.1f}" if state.attempt else ""
        table.add_row(
            state.name,
            Text(state.phase.lower() + again, style),
            rows,
            seconds,
            state.progress,
        )
    return table
