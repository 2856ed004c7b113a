"""Manifests, listings and notes in the lake: read whole, or refused in one sentence."""

from pathlib import Path

import pytest
from hypothesis import example, given
from movalytics_common.errors import InvalidData, PipelineError
from movalytics_extract.landing import LISTING, Place, land
from movalytics_extract.members import Member
from movalytics_warehouse.load.manifest import read_manifest
from redshift_local.copying import manifest as copying
from redshift_local.refusal import LoadFailure

from tests.hostile.material import DEEP, Octets, answers, hostile
from tests.hostile.told import is_a_sentence, only

ENTRY = {"url": "file:///lake/part-0.parquet", "mandatory": True, "meta": {"content_length": 9, "record_count": 1}}
ACCOUNT = {"rows_in": 2, "rows_out": 1, "rejected": {"malformed": 1}, "merged": {}, "repaired": {}}
PARTITION = {"rows": 1, "digest": "00ff", "totals": {"cpi": 9}, "files": ["file:///lake/part-0.parquet"]}
OURS = {"made": "c0de", "table": "cpi", **ACCOUNT, "inputs": {"links": ACCOUNT}, "partitions": {"": PARTITION}}
MANIFEST = {
    "entries": [ENTRY],
    "schema": {"elements": [{"name": "date", "type": {"base": "date"}}]},
    "meta": {"content_length": 9, "record_count": 1},
    "movalytics": OURS,
}
LANDED = {"source": "movies", "version": "1", "origin": "x", "files": [{"name": "a.csv", "bytes": 1, "sha256": "00"}]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what an application made."""
    folder = tmp_path_factory.mktemp("curated") / "made=c0de"
    folder.mkdir()
    return folder


@hostile
@given(content=answers(MANIFEST))
@example(content=Octets(b'{"entries": ' + b"[" * DEEP))
def test_copy_takes_every_entry_of_a_manifest_or_none(made: Path, content: bytes) -> None:
    (made / "cpi.manifest").write_bytes(content)
    with only(LoadFailure) as told:
        found = copying.read_manifest(f"file://{made}/cpi.manifest")
        assert len(found) == content.count(b'"url"')
        assert all(isinstance(entry.content_length, int) for entry in found)
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(content=answers(MANIFEST))
def test_the_warehouse_counts_every_row_of_a_manifest_or_refuses_it(made: Path, content: bytes) -> None:
    (made / "cpi.manifest").write_bytes(content)
    with only(InvalidData) as told:
        found = read_manifest(f"file://{made}", "cpi")
        assert sum(one.rows for one in found.contents.values()) == found.rows_out
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(content=answers(LANDED))
def test_a_landed_version_is_what_its_listing_says_or_is_refused(made: Path, content: bytes) -> None:
    (made / LISTING).write_bytes(content)
    (made / "a.csv").write_bytes(b"x")
    with only(PipelineError) as told:
        land(Place(f"file://{made}", "movies", "1", "x"), list[Member])
    assert is_a_sentence(told.sentence or "read")
