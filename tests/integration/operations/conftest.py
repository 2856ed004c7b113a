"""The warehouse's fixtures, in a database of their own, and somebody who wants to be told."""

from collections.abc import Iterator

import pytest
from movalytics_operations import notify

from tests.integration.operations.hook import Hook, listening
from tests.integration.warehouse.conftest import empty, url, warehouse, world

__all__ = ["empty", "hook", "url", "warehouse", "world"]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    """Somebody who wants to be told, in plain JSON, as the environment says."""
    monkeypatch.setattr(notify, "PAUSES_SECONDS", (0.01, 0.01))
    with listening() as hook:
        monkeypatch.setenv("NOTIFY_URL", hook.url)
        yield hook
