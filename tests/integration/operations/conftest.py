"""The warehouse's fixtures, in a database of their own, and somebody who wants to be told."""

from collections.abc import Iterator

import pytest

from tests.integration.operations.hook import Hook, listening
from tests.integration.warehouse.conftest import empty, url, warehouse, world

__all__ = ["empty", "hook", "url", "warehouse", "world"]


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Somebody who wants to be told."""
    with listening() as hook:
        yield hook
