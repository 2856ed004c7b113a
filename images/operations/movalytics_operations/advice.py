"""Which sizes of executors to set next, by what they used: three rules, each with its reason.

Spark's documentation ("Tuning Spark", Memory Management Overview) has it that of a heap 300 MiB are reserved, and of
the rest 60 % (`spark.memory.fraction`) are the memory in which tasks execute and store, shared alike by those that run
at once: as many as there are cores. By that a rule tells memory from what tasks held and spilled.

Advice that was taken needs no further one, as long as the work is the same: what is lowered was more than twice what
is needed, what is raised is raised to less than that, and how many executors are enough does not depend on how many
there were. Only how much a heap lacked that ran out nobody can see: if twice as much is not enough, it is said again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace

from movalytics_operations.terminal import plural
from movalytics_operations.usage import MIB, Usage, in_bytes

RESERVED, FRACTION = 300 * MIB, 0.6
DEFAULT_HEAP = 1024 * MIB  # spark.executor.memory
# spark.executor.minMemoryOverhead and memoryOverheadFactor: the least that Spark adds to a heap unless it is told.
LEAST_OVERHEAD, OVERHEAD_FACTOR = 384 * MIB, 0.1
STEP = 256 * MIB  # what sizes are rounded up to
MUCH_COLLECTING = 0.1  # of the tasks' time: from there on Spark's own pages show it in red
MUCH_IDLE = 0.5  # of the cores' time
SLOWER = 1.1  # as many times as long as with executors without number


@dataclass(frozen=True)
class Advice:
    """A value to set, `executors.memory=2g`, and why."""

    value: str
    reason: str


def advice(usage: Usage) -> list[Advice]:
    """What to set next; nothing where all is as it should be."""
    memory = next(_memory(usage), None)
    heap = in_bytes(memory.value.partition("=")[2]) if memory else usage.heap
    found = [memory, None if usage.local else next(_overhead(usage, heap), None), _most(usage)]
    return [one for one in found if one]


def heap_needed(usage: Usage) -> int:
    """Bytes with which all that tasks held and spilled fits into memory, each core at work on the largest."""
    largest = max((task.held + task.spilled for task in usage.tasks), default=0)
    stored = usage.peaks.get("OnHeapStorageMemory", 0)
    return RESERVED + round((usage.cores * largest + stored) / FRACTION)


def executors_needed(stages: Sequence[Sequence[float]], cores: int, most: int) -> int:
    """The fewest with which the stages, one after another, take hardly longer than their longest tasks; `most` at most.

    Each stage's seconds are those of its tasks; a core takes the next task when it is free.
    """
    bound = SLOWER * sum(max(stage) for stage in stages)
    return next(
        (one for one in range(1, most) if sum(_makespan(stage, one * cores) for stage in stages) <= bound), most
    )


def _memory(usage: Usage) -> Iterator[Advice]:
    """`executors.memory`. What the heap holds at its peak is partly garbage: more than is needed, never less."""
    fits, peak = heap_needed(usage), usage.peaks.get("JVMHeapMemory", 0)
    enough = max(DEFAULT_HEAP, fits, peak or usage.heap)
    if usage.out_of_heap:
        yield _size("memory", max(2 * usage.heap, fits), "Java ran out of heap; how much it lacked nobody saw")
    if usage.on_disk and fits > usage.heap:
        words = f"tasks spilled {_mib(usage.on_disk)} to disk; with this all that they hold fits into memory"
        yield _size("memory", max(fits, 1.5 * usage.heap), words)
    if usage.collecting > MUCH_COLLECTING and peak > 0.75 * usage.heap:
        words = (
            f"{usage.collecting:.0%} of the tasks' time went into collecting garbage, in a heap that was nearly full"
        )
        yield _size("memory", 1.5 * usage.heap, words)
    if usage.heap > 2 * _up(enough):
        yield _size("memory", enough, f"tasks need {_mib(fits)}, and no heap ever held more than {_mib(peak)}")


def _overhead(usage: Usage, heap: int) -> Iterator[Advice]:
    """`executors.memoryOverhead`, beside a heap of this size: Kubernetes ends a container that takes more than both."""
    given = usage.overhead or max(LEAST_OVERHEAD, OVERHEAD_FACTOR * heap)
    enough = max(LEAST_OVERHEAD, 1.25 * usage.beside)
    if usage.killed:
        words = f"{plural(usage.killed, 'executor')} died by SIGKILL, as what takes more than its limit of memory does"
        yield _size("memoryOverhead", max(1.5 * given, enough), words)
    if usage.beside > 0.9 * given:
        yield _size("memoryOverhead", enough, f"{_mib(usage.beside)} were taken beside the heap")
    if usage.overhead and usage.beside and usage.overhead > 2 * _up(enough):
        yield _size("memoryOverhead", enough, f"no more than {_mib(usage.beside)} were taken beside the heap")


def _most(usage: Usage) -> Advice | None:
    """`executors.max`."""
    if usage.idle <= MUCH_IDLE or not usage.tasks:
        return None
    enough = max(usage.fewest, executors_needed([*usage.stages().values()], usage.cores, usage.most))
    words = f"cores were idle for {usage.idle:.0%} of their time, and with these the work takes hardly longer"
    return Advice(f"executors.max={enough}", words) if enough < usage.most else None


def _makespan(seconds: Sequence[float], cores: int) -> float:
    free = [0.0] * cores
    heapify(free)
    for one in seconds:
        heapreplace(free, free[0] + one)
    return max(free)


def _size(value: str, size: float, reason: str) -> Advice:
    mebibytes = _up(size) // MIB
    return Advice(f"executors.{value}={mebibytes}m", reason)


def _up(size: float) -> int:
    return -int(-size // STEP) * STEP


def _mib(size: float) -> str:
    return f"{size / MIB:,.0f} MiB"
