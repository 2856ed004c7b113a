"""Being the one command at work in a home: the lock, and order after a predecessor that was killed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from movalytics_workflows.local.leftovers import end_leftovers
from movalytics_workflows.local.lock import locked
from movalytics_workflows.local.settings import Home

_PATIENCE = 30.0  # seconds a killed predecessor's children get to end by themselves


@contextmanager
def at_work(home: Home, command: str) -> Iterator[None]:
    """Hold the home's lock, with nothing left of whoever held it before. Raises LockHeld."""
    with locked(home.lock, command):
        end_leftovers(home.root, _PATIENCE)
        home.address.unlink(missing_ok=True)
        for scratch in home.root.glob("runs/*/scratch"):
            shutil.rmtree(scratch, ignore_errors=True)
        yield
