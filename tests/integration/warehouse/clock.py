"""A clock of the test's own in a module that measures how long something takes."""

from itertools import count
from types import ModuleType, SimpleNamespace

import pytest


def pass_seconds(monkeypatch: pytest.MonkeyPatch, module: ModuleType, seconds: int) -> None:
    """So many pass between two looks at the clock."""
    clock = count(start=7, step=seconds)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
