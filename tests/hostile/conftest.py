"""How long each parser, a module of these tests, is tried: 50 examples of each kind, or as many as fit into MINUTES."""

import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

from tests.integration.conftest import redshift_server  # noqa: F401 a fixture
from tests.unit.spark_apps.conftest import PYSPARK_SOCKETS, spark  # noqa: F401 a fixture

MINUTES = float(os.environ.get("MINUTES") or 0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(PYSPARK_SOCKETS))


@pytest.fixture(scope="session", autouse=True)
def _no_certificates_of_this_machine() -> Iterator[None]:
    """No answer comes over TLS here, and to read them anew for each takes longer than all else."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
            environment.delenv(name, raising=False)
        environment.setenv("NO_PROXY", "127.0.0.1")
        yield


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Other examples, until the time is over."""
    end = time.monotonic() + 60 * MINUTES / max(1, _kinds(pyfuncitem))
    result = yield
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    while is_hypothesis_test(pyfuncitem.obj) and time.monotonic() < end:
        pyfuncitem.obj(**arguments)
    return result


def _kinds(test: pytest.Function) -> int:
    """How many tests of the module make up data; those of other modules may be other processes'."""
    items = [item for item in test.session.items if item.path == test.path and isinstance(item, pytest.Function)]
    return sum(1 for item in items if is_hypothesis_test(item.obj))
