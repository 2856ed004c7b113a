"""Which tests one of make test's processes takes together."""

import pytest
from xdist.scheduler import LoadFileScheduling

# These share a machine on which a run went well, which takes a worker half a minute. All others keep to their file.
TOGETHER = "tests/integration/pipeline/test_pipeline_"


class TogetherScheduling(LoadFileScheduling):
    """By file, but for those of TOGETHER."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> TogetherScheduling:
    return TogetherScheduling(config, log)
