"""The place that the faults of one process share, and the table with which `make faults` ends."""

from collections.abc import Iterator
from functools import partial

import boto3
import botocore.session
import pytest
from botocore.config import Config
from movalytics_common.place import s3
from movalytics_extract import sources

from tests.faults.bucket import Bucket
from tests.faults.place import Place
from tests.integration.conftest import start_standin, stop_standin
from tests.integration.extract.conftest import IMPATIENT, TINY
from tests.integration.extract.sources_server import KEY, USERNAME, SourcesServer
from tests.integration.warehouse.relay import Relay

PASSWORD = "Faults-2026"


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    """S3, and this process' environment led to it."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "2",
            "NO_PROXY": "127.0.0.1",
        }.items():
            environment.setenv(name, value)
        bucket = Bucket()
        environment.setenv("AWS_ENDPOINT_URL", bucket.address)
        environment.setattr(boto3, "DEFAULT_SESSION", _impatient_session())
        s3.cache_clear()
        yield bucket
        s3.cache_clear()
        bucket.close()


def _impatient_session() -> boto3.Session:
    """It waits a second for an answer, where a step's own waits a minute."""
    session = botocore.session.Session()
    session.set_default_client_config(Config(connect_timeout=1, read_timeout=1))
    return boto3.Session(botocore_session=session)


@pytest.fixture(scope="session")
def home(bucket: Bucket, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The place with both of its states."""
    folder = tmp_path_factory.mktemp("faults")
    (folder / "password").write_text(PASSWORD)
    with pytest.MonkeyPatch.context() as environment, SourcesServer(TINY) as server:
        for name, value in {"PGPASSWORD": PASSWORD, "KAGGLE_USERNAME": USERNAME, "KAGGLE_KEY": KEY}.items():
            environment.setenv(name, value)
        for name in ("KAGGLE_API_TOKEN", "KAGGLE_CONFIG_DIR", "FRED_API_KEY"):
            environment.delenv(name, raising=False)
        for name in ("movies", "cpi"):
            environment.setattr(sources, name, partial(getattr(sources, name), patience=IMPATIENT))
        process, standin = start_standin(folder, f"--password-file={folder / 'password'}")
        relay = Relay(standin.host, standin.port)
        place = Place(standin, PASSWORD, relay, bucket, server, folder)
        try:
            place.prepare()
            yield place
        finally:
            relay.close()
            ended = stop_standin(process)
    assert ended == 0
