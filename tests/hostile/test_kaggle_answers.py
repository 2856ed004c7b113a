"""Kaggle's answers: a version and its members, or a refusal in one sentence."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from movalytics_common.errors import PipelineError
from movalytics_extract import sources

from tests.hostile.material import answers, hostile
from tests.hostile.server import IMPATIENT, serving
from tests.hostile.told import is_a_sentence, only

DATASET = {
    "currentVersionNumber": 7,
    "title": "The Movies Dataset",
    "totalBytes": 900,
    "lastUpdated": "2017-11-10T02:40:38Z",
}
FILES = [
    {"name": name, "totalBytes": 900, "creationDate": "2019-09-20T00:00:00.000Z"}
    for name in ("movies_metadata.csv", "links.csv", "ratings.csv")
]
LISTING = {"datasetFiles": FILES, "nextPageToken": "", "errorMessage": ""}


@pytest.fixture(scope="module", autouse=True)
def _credentials() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KAGGLE_USERNAME", "cinephile")
        environment.setenv("KAGGLE_KEY", "0123456789abcdef")
        environment.delenv("KAGGLE_API_TOKEN", raising=False)
        environment.setenv("NO_PROXY", "127.0.0.1")
        yield


@hostile
@given(answers(DATASET))
@example(b'{"currentVersionNumber": 1e999}')
def test_a_dataset_has_a_version_or_is_refused(answer: bytes) -> None:
    with serving(answer) as address, only(PipelineError) as told:
        assert sources.movies(f"kaggle+{address}/rounakbanik/the-movies-dataset", IMPATIENT).version("").isdecimal()
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(answers(LISTING))
@example(b"9" * 5_000)
def test_a_listing_has_the_members_or_is_refused(answer: bytes) -> None:
    with serving(answer) as address, only(PipelineError) as told:
        found = sources.movies(f"kaggle+{address}/rounakbanik/the-movies-dataset", IMPATIENT).members("7")
        assert all(isinstance(member.bytes, int) and member.bytes >= 0 for member in found)
    assert is_a_sentence(told.sentence or "read")
