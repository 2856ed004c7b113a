"""Finding and ending processes that are ours: all we start carry a mark in their environment."""

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil

MARK = "MOVALYTICS_SUPERVISED"
_SECONDS_TO_DIE = 10.0
_INTERVAL = 0.05


def new_mark(home: Path) -> str:
    """A mark for one child and all it starts; it names the home, so that a later run knows its predecessor's."""
    return f"{uuid4().hex} {home}"


def marked(environment: Mapping[str, str]) -> list[psutil.Process]:
    """The processes that carry the same mark as this environment, without the caller."""
    mark = environment.get(MARK)
    return [process for process, found in _marks() if found == mark] if mark else []


def end_leftovers(home: Path, patience: float) -> int:
    """End what a killed predecessor left in this home; how many processes had to be killed.

    Its supervisors end their trees by themselves when it is gone: they get `patience` seconds for it.
    """
    processes = [process for process, mark in _marks() if mark.partition(" ")[2] == str(home)]
    alive = _running_after(patience, processes)
    end_processes(alive)
    return len(alive)


def end_processes(processes: Iterable[psutil.Process]) -> None:
    """Kill them and wait until none runs any more."""
    found = list(processes)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _running_after(_SECONDS_TO_DIE, found)


def _running_after(seconds: float, processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that still run after so many seconds, at the latest.

    The dead whom their parent has not asked after do not: where the first process of a machine is slow to, or never
    does, waiting for them would take all the seconds.
    """
    until = time.monotonic() + seconds
    running = list(processes)
    while running and time.monotonic() < until:
        _, alive = psutil.wait_procs(running, timeout=_INTERVAL)
        running = [process for process in alive if _runs(process)]
    return running


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _marks() -> list[tuple[psutil.Process, str]]:
    """Every process of ours with its mark, without the caller and the dead."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            mark = process.environ().get(MARK)
            if mark and process.pid != os.getpid() and _runs(process):
                found.append((process, mark))
    return found
