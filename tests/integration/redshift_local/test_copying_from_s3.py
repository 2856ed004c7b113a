"""COPY from S3: the same files and manifest, read with boto3's own configuration."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer

from tests.integration.conftest import Standin, start_standin, stop_standin
from tests.integration.redshift_local.conftest import Client


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory, made_data: Path) -> Iterator[Standin]:
    """A stand-in whose S3 is a local one with a bucket named lake."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="lake")
        folder = tmp_path_factory.mktemp("s3")
        shutil.copytree(made_data, folder / "data")
        process, standin = start_standin(folder)
        yield standin
        stop_standin(process)
    server.stop()


def put(name: str, table: pa.Table) -> dict[str, object]:
    """Store a file; its manifest entry."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    body = sink.getvalue().to_pybytes()
    boto3.client("s3").put_object(Bucket="lake", Key=name, Body=body)
    return {"url": f"s3://lake/{name}", "mandatory": True, "meta": {"content_length": len(body)}}


def test_a_manifest_in_s3_loads_the_files_it_names(standin: Standin) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html"""
    entries = [put(f"run=1/part {n}.parquet", pa.table({"id": pa.array([n], pa.int32())})) for n in range(2)]
    body = json.dumps({"entries": entries}).encode()
    boto3.client("s3").put_object(Bucket="lake", Key="run=1/t.manifest", Body=body)
    client = Client(standin.connect())
    client.run("CREATE TABLE t (id INT)")
    client.copy("t", "s3://lake/run=1/t.manifest")
    assert client.run("SELECT id FROM t ORDER BY id") == [(0,), (1,)]
    client.connection.close()


def test_what_is_not_in_s3_is_named(standin: Standin) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html"""
    client = Client(standin.connect())
    client.run("CREATE TABLE u (id INT)")
    client.connection.commit()
    with pytest.raises(Exception, match="does not exist: manifest s3://lake/nothing"):
        client.copy("u", "s3://lake/nothing")
    client.connection.rollback()
    with pytest.raises(Exception, match="bucket"):
        client.copy("u", "s3://elsewhere/t.manifest")
    client.connection.close()
