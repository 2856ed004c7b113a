"""A lake of files whose disk is full: a small file system in a mount namespace of the step's own."""

import shlex
import subprocess
from collections.abc import Callable

import pytest

from tests.faults.fault import Fault
from tests.faults.place import Place

ALONE = ("unshare", "--mount", "--map-root-user", "sh", "-c")


def full(folder: str, options: str) -> Callable[[Place], None]:
    """The lake is one of files, and this folder of it becomes such a file system when the step begins."""

    def strike(place: Place) -> None:
        root = place.folder / f"full_lake_{place.runs}"
        for key, body in place.bucket.content().items():
            place.put(f"file://{root}/{key}", body)
        (root / folder).mkdir(parents=True, exist_ok=True)
        place.overrides["lake"] = f"file://{root}"
        place.wrap = lambda command: [*ALONE, f"{mount(root / folder, options)} && exec {shlex.join(command)}"]
        if subprocess.run([*ALONE, mount(root / folder, options)], capture_output=True).returncode:
            pytest.skip("no mount namespace can be made here")
        place.by_hand += 1

    return strike


def mount(folder: object, options: str) -> str:
    """The command that mounts an empty file system there."""
    return f"mount -t tmpfs -o {options} none {shlex.quote(str(folder))}"


NOTHING_FITS = "nr_inodes=1"
SAYS = "no space left to write"
DISK = [
    Fault(
        "the disk is full",
        "extract-movies",
        "in mid-file",
        full("raw/movies", "size=64k"),
        74,
        SAYS,
        apart="extract-movies",
    ),
    Fault(
        "the disk is full", "check-staged", "its results", full("reports", NOTHING_FITS), 74, SAYS, apart="check-staged"
    ),
    Fault("the disk is full", "report", "its page", full("reports", NOTHING_FITS), 74, SAYS, apart="report"),
    Fault("the disk is full", "finish", "the outcome", full("runs", NOTHING_FITS), 74, SAYS, apart="finish"),
]
