"""What a command costs: seconds, the most memory that its processes held together, the bytes that they wrote."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

EVERY = 0.5  # seconds between two looks at the processes
NEWBORN = 0.2  # seconds in which a process may still be its parent's copy


@dataclass
class Cost:
    """Of one command; `steps` are seconds by the step's name, as the command itself tells them."""

    seconds: float = 0.0
    peak: int = 0  # bytes, shared pages counted once for each process
    written: int = 0  # bytes, as of each process's last look
    steps: dict[str, float] = field(default_factory=dict)


def cost(command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str], log: Path) -> Cost:
    """Run the command to its end. Raises SystemExit, with its log's place, when it fails."""
    found, written = Cost(), dict[tuple[int, float], int]()
    started = time.monotonic()
    with (
        log.open("w") as told,
        subprocess.Popen(command, cwd=cwd, env=environment, stdout=told, stderr=told) as process,
    ):
        while process.poll() is None:
            found.peak = max(found.peak, _held(process.pid, written))
            time.sleep(EVERY)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}: see {log}")
    found.seconds, found.written = time.monotonic() - started, sum(written.values())
    return found


def _held(root: int, written: dict[tuple[int, float], int]) -> int:
    """Bytes in memory of the whole tree; notes what each process has written so far.

    A process that has just begun has its parent's memory still, and Java's would count twice: it is passed over.
    """
    held = 0
    with suppress(psutil.NoSuchProcess):  # any of them may end while it is asked
        tree = psutil.Process(root)
        for process in [tree, *tree.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                held += process.memory_info().rss if time.time() - process.create_time() > NEWBORN else 0
                written[process.pid, process.create_time()] = process.io_counters().write_bytes
    return held
