"""Which tests one of make test's processes takes together, and what is told when all are over."""

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.faults.telling import tell

# These share a machine on which a run went well, which takes a worker half a minute. All others keep to their file.
TOGETHER = "tests/integration/pipeline/test_pipeline_"
# Each of these is on its own: what they share is made once in every process.
APART = "tests/faults/test_faults.py"


class TogetherScheduling(LoadFileScheduling):
    """By file, but for those of TOGETHER and APART."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(APART):
            return nodeid
        return TOGETHER if nodeid.startswith(TOGETHER) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> TogetherScheduling:
    return TogetherScheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of faults, if any struck."""
    tell(terminalreporter)
