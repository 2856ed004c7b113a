"""What a step that a test runs in its own process would leave to the next test."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    """A step logs to the standard error that it found, which is gone after the test."""
    yield
    structlog.reset_defaults()
