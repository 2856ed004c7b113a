"""When each step ran: its start, how long it waited, how long it took, and how long it usually takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from movalytics_warehouse.report.facts import StepTime
from movalytics_warehouse.report.plots import share


@dataclass(frozen=True)
class TimedStep:
    """A step on the run's time axis; `waited` and `usual` are seconds, None where nothing can be said.

    It waited since the last of the steps before it ended: for its process or pod to start. `left` and `width` are
    percent of the run's time.
    """

    step: str
    started_at: datetime
    seconds: float
    waited: float | None
    usual: float | None
    left: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """The steps by their start; `elapsed` seconds from the first start to the last end, `idle` without any at work."""

    steps: Sequence[TimedStep] = ()
    elapsed: float = 0.0
    idle: float = 0.0


def timeline(steps: Sequence[StepTime], usual: Mapping[str, float], after: Mapping[str, Sequence[str]]) -> Timeline:
    """The run's steps in the order they started; `after` names the steps that each one waits for."""
    if not steps:
        return Timeline()
    ordered = sorted(steps, key=lambda step: step.started_at)
    begin = ordered[0].started_at
    elapsed = (max(map(_end, ordered)) - begin).total_seconds()
    timed = [
        TimedStep(
            step.step,
            step.started_at,
            step.seconds,
            _waited(step, [other for other in ordered if other.step in after.get(step.step, ())]),
            usual.get(step.step),
            share((step.started_at - begin).total_seconds(), elapsed),
            share(step.seconds, elapsed),
        )
        for step in ordered
    ]
    return Timeline(timed, elapsed, _idle(ordered))


def usual_seconds(runs: Iterable[Sequence[StepTime]]) -> dict[str, float]:
    """Each step's median seconds over these runs."""
    seconds = defaultdict(list)
    for run in runs:
        for step in run:
            seconds[step.step].append(step.seconds)
    return {step: median(values) for step, values in seconds.items()}


def _end(step: StepTime) -> datetime:
    return step.started_at + timedelta(seconds=step.seconds)


def _waited(step: StepTime, before: Sequence[StepTime]) -> float | None:
    """None for the first step, and where a step before it was done again since."""
    seconds = min(((step.started_at - _end(other)).total_seconds() for other in before), default=-1.0)
    return seconds if seconds >= 0 else None


def _idle(ordered: Sequence[StepTime]) -> float:
    """Seconds between first start and last end in which no step was at work."""
    idle, busy_until = 0.0, _end(ordered[0])
    for step in ordered[1:]:
        idle += max(0.0, (step.started_at - busy_until).total_seconds())
        busy_until = max(busy_until, _end(step))
    return idle
