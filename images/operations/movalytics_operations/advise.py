"""`advise`: what the executors of a run used, by Spark's event logs, and which Helm values to set next."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta

from movalytics_common.errors import MissingInput

from movalytics_operations.advice import FRACTION, RESERVED, Advice, advice
from movalytics_operations.event_logs import Log, events, logs_of
from movalytics_operations.terminal import duration, plural, table
from movalytics_operations.usage import MIB, READERS, Usage, usage_of

Found = Mapping[str, tuple[Usage, Sequence[Advice]]]


def advise(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Print it on standard output, of each application's last attempt. Raises MissingInput for a run without logs."""
    logs = logs_of(arguments.events, arguments.run)
    if not logs:
        raise MissingInput(
            f"{arguments.events} has no event log of run {arguments.run}: what it needed was made by an earlier run, "
            "or retention took its logs"
        )
    usages = {log.application: _usage(log) for log in logs}  # a later attempt takes the place of an earlier one
    found = {name: (usage, advice(usage)) for name, usage in sorted(usages.items())}
    sys.stdout.write("\n".join([*(_told(name, *one) for name, one in found.items()), _last_words(found)]))
    return {"run": arguments.run, "values": _values(found)}


def _usage(log: Log) -> Usage:
    return usage_of(events(log.pieces, frozenset(READERS)))


def _told(name: str, usage: Usage, advised: Sequence[Advice]) -> str:
    lines = table([("", *row) for row in _rows(usage)])
    words = [f"applications.{name}.{one.value}: {one.reason}" for one in advised] or ["needs no change"]
    return f"transform-{name}\n{lines}" + "".join(f"  → {one}\n" for one in words)


def _rows(usage: Usage) -> list[tuple[str, str]]:
    peak, stage = usage.peaks, usage.most_skewed()
    shared = (usage.heap - RESERVED) * FRACTION
    took = duration(timedelta(seconds=usage.seconds))
    return [
        ("time", took if usage.is_over else f"{took} so far, or until it was killed"),
        ("executors", _executors(usage)),
        ("heap", f"{_of(peak.get('JVMHeapMemory', 0), usage.heap)} at its fullest, garbage included"),
        ("for tasks and cache", f"{_of(peak.get('OnHeapUnifiedMemory', 0), shared)} of the heap"),
        ("beside the heap", _beside(usage)),
        ("spilled to disk", f"{usage.on_disk / MIB:,.0f} MiB"),
        (
            "tasks",
            f"{len(usage.tasks):,}, {usage.task_seconds:,.1f} s in all, {usage.collecting:.0%} of it for garbage",
        ),
        ("idle", f"{usage.idle:.0%} of the cores' time"),
        ("skew", f"the longest task of stage {stage[0]} took {stage[1]:.1f} s, the median {stage[2]:.1f} s"),
    ]


def _executors(usage: Usage) -> str:
    cores = plural(usage.cores, "core")
    if usage.local:
        return f"one process with {cores}, the driver's work included: more memory than an executor needs"
    return f"{len(usage.came)} of at most {usage.most}, each with {cores}"


def _beside(usage: Usage) -> str:
    return _of(usage.beside, usage.overhead) if usage.overhead else f"{usage.beside / MIB:,.0f} MiB"


def _of(used: float, given: float) -> str:
    return f"{used / MIB:,.0f} of {given / MIB:,.0f} MiB"


def _values(found: Found) -> list[str]:
    return [f"applications.{name}.{one.value}" for name, (_, advised) in found.items() for one in advised]


def _last_words(found: Found) -> str:
    values = _values(found)
    if not values:
        return "There is nothing to set.\n"
    sets = "".join(f" \\\n  --set {value}" for value in values)
    return f"For the next run:\nhelm upgrade movalytics helm/movalytics --reset-then-reuse-values{sets}\n"
