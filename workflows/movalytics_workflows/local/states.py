"""How far each task is: what the view shows and the end is judged by."""

import time
from dataclasses import dataclass, field

from movalytics_workflows.local.events import Event

# Argo's node phases. Skipped: its `when` did not hold. Omitted: its `depends` did not. Pausing: it is tried again soon,
# where Argo says Running and `Backoff for` so long.
WAITING, RUNNING, PAUSING, SUCCEEDED, FAILED, ERROR, SKIPPED, OMITTED = (
    *("Waiting", "Running", "Pausing", "Succeeded", "Failed"),
    *("Error", "Skipped", "Omitted"),
)


@dataclass
class TaskState:
    """One task as it stands. `seconds` counts all attempts; `sentence` says why it failed, or why it pauses."""

    name: str
    phase: str = WAITING
    attempt: int = 0
    last_exit: str = "0"
    started: float = 0.0
    again_at: float = 0.0
    ended: float = 0.0
    rows: int | None = None
    progress: str = ""
    exit_code: int = 0
    sentence: str = ""
    trace: str = field(default="", repr=False)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.phase not in {WAITING, RUNNING, PAUSING}

    @property
    def seconds(self) -> float:
        """How long it has been at work."""
        if not self.started:
            return 0.0
        return (self.ended or time.monotonic()) - self.started

    def begin(self) -> None:
        """Another attempt starts."""
        self.attempt += 1
        self.phase = RUNNING
        self.started = self.started or time.monotonic()
        self.sentence, self.trace, self.progress = "", "", ""

    def pause(self, seconds: float, sentence: str) -> None:
        """It waits until it is tried again; the sentence says why."""
        self.phase, self.sentence = PAUSING, sentence
        self.again_at = time.monotonic() + seconds
        self.progress = f"waits {seconds:.0f} s, then tries again: {sentence}"

    def end(self, phase: str, exit_code: int = 0, sentence: str = "") -> None:
        """It is over, for the reason of the sentence."""
        self.phase, self.exit_code, self.sentence = phase, exit_code, sentence
        self.ended = time.monotonic()
        self.progress = sentence if phase == SKIPPED else ""

    def heard(self, event: Event) -> None:
        """Take in what the step said: progress, rows at its end, why it failed."""
        if event["event"] == "progress":
            self.progress = _progress(event)
        elif event["event"] == "done" and isinstance(event.get("rows"), int):
            self.rows = event["rows"]
        elif event["event"] == "failed":
            self.sentence, self.trace = str(event.get("error", "")), str(event.get("exception", ""))


def _progress(event: Event) -> str:
    done, total, unit = event.get("done", 0), event.get("total"), event.get("unit", "")
    if isinstance(total, int | float) and total:
        return f"{100 * done / total:.0f} % of {total:,} {unit}".strip()
    return f"{done:,} {unit}".strip()


def status_of(states: list[TaskState]) -> str:
    """The status of a workflow whose tasks are over: the worst of theirs, as Argo judges it."""
    phases = {state.phase for state in states}
    return next((phase for phase in (ERROR, FAILED) if phase in phases), SUCCEEDED)
