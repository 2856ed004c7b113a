"""Places: what names a file, an object, a warehouse or a source is understood or refused, and never leads elsewhere."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from movalytics_common import lake
from movalytics_common.errors import InvalidData, MissingInput, PipelineError
from movalytics_extract import layout, sources
from movalytics_extract.credentials import find
from movalytics_warehouse.plan.allowance import parse_allowance
from movalytics_warehouse.plan.ceilings import Ceiling
from redshift_local.copying.files import open_file
from redshift_local.copying.unreadable import Missing, Unreadable

from tests.hostile.material import DEEP, Octets, Text, answers, hostile, octets, texts
from tests.hostile.told import inert, is_a_sentence, only


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds a file."""
    folder = tmp_path_factory.mktemp("lake")
    (folder / "there").write_text("x")
    return folder


@hostile
@given(name=texts(4))
@example(name="\0")
@example(name="\ud800")
@example(name=Text("x" * 10_000))
def test_a_name_in_the_lake_is_a_file_or_is_refused(folder: Path, name: str) -> None:
    uri = f"file://{folder}/{name}"
    with only(PipelineError, OSError) as told:  # of which a step's frame makes a sentence
        assert lake.exists(uri) in {True, False}
    with only(PipelineError) as read:
        lake.read_bytes(uri)
    with only(PipelineError, OSError):
        assert isinstance(lake.list_files(uri), list)
    assert told.sentence or is_a_sentence(read.sentence or "read")


@hostile
@given(uri=texts(4))
def test_what_is_no_place_in_a_lake_is_refused(uri: str) -> None:
    with inert(), only(PipelineError) as told:
        lake.is_local(uri)
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(name=texts(4))
@example(name="\0")
@example(name=Text("x" * 10_000))
def test_copy_reads_a_file_or_says_that_it_cannot(folder: Path, name: str) -> None:
    with only(Missing, Unreadable), open_file(f"file://{folder}/{name}") as file:
        file.read()


FILES = ["movies_metadata.csv", "links.csv", "ratings.csv"]
PARTS = st.sampled_from([*FILES, *map(str.upper, FILES), "..", ".", "", "__MACOSX", "a", "C:", "\0"]) | texts(2)
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join) | st.lists(PARTS, min_size=1, max_size=3).map("\\".join)


@hostile
@given(paths=st.lists(PATHS, max_size=8).map(lambda found: [*FILES, *found]) | st.lists(PATHS, max_size=8))
@example(paths=[f"{'../' * 20}etc/{name}" for name in FILES])
def test_members_are_paths_of_the_listing_that_leave_no_folder(paths: list[str]) -> None:
    with inert(), only(InvalidData, MissingInput) as told:
        found = layout.movies(paths, "data.zip")
        assert set(found.values()) <= set(paths)
        assert set(FILES) <= set(found)
        assert not [path for path in found.values() if ".." in path.replace("\\", "/").split("/")]
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(
    text=texts(4)
    | st.tuples(st.sampled_from(["kaggle:", "kaggle+", "fred:", "fred+http://", "http://"]), texts(4)).map("".join)
)
@example(text="\0")
def test_a_source_is_opened_or_refused(text: str) -> None:
    with only(PipelineError) as movies:
        sources.movies(text)
    with only(PipelineError) as cpi:
        sources.cpi(text)
    assert is_a_sentence(movies.sentence or "read")
    assert is_a_sentence(cpi.sentence or "read")


@hostile
@given(content=answers({"username": "cinephile", "key": "0123456789abcdef"}) | octets())
@example(content=Octets(b'{"a":' * DEEP))
def test_a_file_of_credentials_is_read_or_refused_without_a_word_of_it(folder: Path, content: bytes) -> None:
    (folder / "kaggle.json").write_bytes(content)
    (folder / "kaggle.json").chmod(0o600)
    with only(PipelineError) as told:
        find({"KAGGLE_CONFIG_DIR": str(folder)})
    assert content.decode(errors="replace")[:40] not in told.sentence or len(content) < 8
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(text=texts() | st.tuples(st.sampled_from(["ratings.total="]), texts(2)).map("".join))
@example(text=Text("ratings.total=" + "9" * 10_000))
@example(text=Text("ratings.total=0.5 " * 100_000))
def test_an_allowance_is_a_share_or_is_refused(text: str) -> None:
    with inert(), only(PipelineError) as told:
        allowed = parse_allowance(text, [Ceiling("ratings", "rejected", "total", 0.1)])
        assert all(0 <= share <= 1 for share in allowed.values())
    assert is_a_sentence(told.sentence or "read")
