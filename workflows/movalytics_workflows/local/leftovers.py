"""Finding and ending processes that are ours: all we start carry a mark in their environment."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil

MARK = "MOVALYTICS_SUPERVISED"


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
    _, alive = psutil.wait_procs(processes, timeout=patience)
    end_processes(alive)
    return len(alive)


def end_processes(processes: Iterable[psutil.Process]) -> None:
    """Kill them and wait until they are gone."""
    found = list(processes)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(found, timeout=10)


def _marks() -> list[tuple[psutil.Process, str]]:
    """Every process of ours with its mark, without the caller and the dead."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            mark = process.environ().get(MARK)
            if mark and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                found.append((process, mark))
    return found
