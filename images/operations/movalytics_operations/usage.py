"""What the executors of an application used, by its event log."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from movalytics_operations.event_logs import Event

MIB = 2**20
_UNITS = {"k": 2**10, "m": MIB, "g": 2**30, "t": 2**40}
_KILLED = re.compile(r"exit code 137\b")  # SIGKILL, as of a container that took more than its limit
_OUT_OF_HEAP = re.compile(r"OutOfMemoryError|exit code 52\b")  # Spark's executors end with 52 then
# What lies beside the heap: Java's own, and Python's and others' as Linux counts them.
_BESIDE = ("JVMOffHeapMemory", "DirectPoolMemory", "MappedPoolMemory")
_PROCESSES = ("ProcessTreePythonRSSMemory", "ProcessTreeOtherRSSMemory")


@dataclass(frozen=True)
class Task:
    """An attempt of a task: seconds from launch to end, at work, collecting garbage; bytes in memory, spilled, on disk.

    `held` is the most execution memory that it had at once, `spilled` what it had to take out of it.
    """

    stage: tuple[int, int]
    seconds: float
    working: float
    collecting: float
    held: int
    spilled: int
    on_disk: int


@dataclass
class Usage:
    """What is known of an application, in bytes and seconds. A peak is of one executor; 0: nobody looked.

    `heap`, `overhead` (None: what Spark reckons), `cores`, `fewest` and `most` are what the executors were given; on
    one machine the driver is the only one.
    """

    local: bool = False
    heap: int = 0
    overhead: int | None = None
    cores: int = 1
    fewest: int = 1
    most: int = 1
    killed: int = 0
    out_of_heap: bool = False
    is_over: bool = False
    peaks: dict[str, int] = field(default_factory=dict)
    beside: int = 0
    tasks: list[Task] = field(default_factory=list)
    first: int = 0  # milliseconds since 1970, as all that follows
    last: int = 0
    came: dict[str, int] = field(default_factory=dict)
    went: dict[str, int] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """From the application's start to the last that is known of it."""
        return (self.last - self.first) / 1000

    @property
    def task_seconds(self) -> float:
        """The time of all tasks together."""
        return sum(task.seconds for task in self.tasks)

    @property
    def idle(self) -> float:
        """The share of the cores' time in which no task ran."""
        there = self.cores * sum(self.went.get(one, self.last) - came for one, came in self.came.items()) / 1000
        return max(0.0, 1 - self.task_seconds / there) if there else 0.0

    @property
    def collecting(self) -> float:
        """The share of the tasks' time in which Java collected garbage."""
        working = sum(task.working for task in self.tasks)
        return sum(task.collecting for task in self.tasks) / working if working else 0.0

    @property
    def on_disk(self) -> int:
        """Bytes that tasks spilled to disk."""
        return sum(task.on_disk for task in self.tasks)

    def stages(self) -> Mapping[tuple[int, int], list[float]]:
        """Seconds of each task, by the stage's number and attempt, in the order in which they ended."""
        found = defaultdict(list)
        for task in self.tasks:
            found[task.stage].append(task.seconds)
        return found

    def most_skewed(self) -> tuple[int, float, float]:
        """The stage whose longest task was longest beyond the median: its number, and seconds of both."""
        found = [(stage[0], max(seconds), median(seconds)) for stage, seconds in self.stages().items()]
        return max(found, key=lambda one: one[1] - one[2], default=(0, 0.0, 0.0))


def usage_of(found: Iterable[Event]) -> Usage:
    """What these events tell; those of other kinds than READERS has are passed over."""
    usage = Usage()
    for event in found:
        if reader := READERS.get(event["Event"]):
            usage.last = max(usage.last, event.get("Timestamp", 0), event.get("Task Info", {}).get("Finish Time", 0))
            reader(usage, event)
    return usage


def in_bytes(text: str) -> int:
    """4g → 4294967296; a number alone is MiB, as Spark takes a memory."""
    number, unit = text[:-1], text[-1:].lower()
    return int(number) * _UNITS[unit] if unit in _UNITS else int(text) * MIB


def _read_start(usage: Usage, event: Event) -> None:
    usage.first = event["Timestamp"]


def _read_end(usage: Usage, event: Event) -> None:
    del event
    usage.is_over = True


def _read_settings(usage: Usage, event: Event) -> None:
    conf = dict(event["Spark Properties"])
    usage.local = conf["spark.master"].startswith("local")
    usage.heap = in_bytes(conf.get("spark.driver.memory" if usage.local else "spark.executor.memory", "1g"))
    overhead = conf.get("spark.executor.memoryOverhead", "")
    usage.overhead = in_bytes(overhead) if overhead else None
    usage.fewest = int(conf.get("spark.dynamicAllocation.minExecutors", "1"))
    usage.most = 1 if usage.local else int(conf.get("spark.dynamicAllocation.maxExecutors", "1"))


def _read_executor(usage: Usage, event: Event) -> None:
    usage.cores = event["Executor Info"]["Total Cores"]
    usage.came[event["Executor ID"]] = event["Timestamp"]


def _read_loss(usage: Usage, event: Event) -> None:
    usage.went[event["Executor ID"]] = event["Timestamp"]
    usage.killed += bool(_KILLED.search(event["Removed Reason"]))
    usage.out_of_heap |= bool(_OUT_OF_HEAP.search(event["Removed Reason"]))


def _read_task(usage: Usage, event: Event) -> None:
    usage.out_of_heap |= bool(_OUT_OF_HEAP.search(str(event["Task End Reason"])))
    usage.tasks.append(_task(event, event["Task Info"], event.get("Task Metrics") or {}))
    peaks = event.get("Task Executor Metrics") or {}
    for name, value in peaks.items():
        usage.peaks[name] = max(usage.peaks.get(name, 0), value)
    java = max(sum(peaks.get(name, 0) for name in _BESIDE), peaks.get("ProcessTreeJVMRSSMemory", 0) - usage.heap)
    usage.beside = max(usage.beside, java + sum(peaks.get(name, 0) for name in _PROCESSES))


def _task(event: Event, info: Event, measured: Event) -> Task:
    return Task(
        stage=(event["Stage ID"], event["Stage Attempt ID"]),
        seconds=(info["Finish Time"] - info["Launch Time"]) / 1000,
        working=measured.get("Executor Run Time", 0) / 1000,
        collecting=measured.get("JVM GC Time", 0) / 1000,
        held=measured.get("Peak On Heap Execution Memory", 0),
        spilled=measured.get("Memory Bytes Spilled", 0),
        on_disk=measured.get("Disk Bytes Spilled", 0),
    )


READERS: Mapping[str, Callable[[Usage, Event], None]] = {
    "SparkListenerApplicationStart": _read_start,
    "SparkListenerApplicationEnd": _read_end,
    "SparkListenerEnvironmentUpdate": _read_settings,
    "SparkListenerExecutorAdded": _read_executor,
    "SparkListenerExecutorRemoved": _read_loss,
    "SparkListenerTaskEnd": _read_task,
}
