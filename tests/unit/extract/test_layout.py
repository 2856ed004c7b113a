"""Which paths of a source are its members."""

import pytest
from movalytics_common.errors import InvalidData, MissingInput
from movalytics_extract.layout import locate, movies

REQUIRED = ["movies_metadata.csv", "links.csv", "ratings.csv"]


def test_finds_members_at_the_top() -> None:
    assert movies([*REQUIRED, "credits.csv"], "x") == {name: name for name in [*REQUIRED, "credits.csv"]}


def test_finds_members_one_folder_deep() -> None:
    paths = [f"archive/{name}" for name in REQUIRED]
    assert movies(paths, "x") == dict(zip(REQUIRED, paths, strict=True))


def test_prefers_the_top_to_a_folder() -> None:
    assert movies([*REQUIRED, "old/ratings.csv", "old/credits.csv"], "x") == {name: name for name in REQUIRED}


def test_ignores_other_files() -> None:
    assert locate(["links_small.csv", "__MACOSX/._links.csv", "Links.csv"], ["links.csv"], "x") == {}


@pytest.mark.parametrize("path", ["../links.csv", "/links.csv", "a/b/links.csv", "./links.csv", "a/../links.csv"])
def test_ignores_paths_that_lead_elsewhere(path: str) -> None:
    assert locate([path], ["links.csv"], "x") == {}


def test_refuses_members_in_two_folders() -> None:
    with pytest.raises(InvalidData, match="x has the files twice, in a and in b: keep one of them"):
        locate(["a/links.csv", "b/links.csv"], ["links.csv"], "x")


def test_names_every_missing_member() -> None:
    with pytest.raises(
        MissingInput, match=r"x has no links\.csv and no ratings\.csv: it must hold movies_metadata\.csv"
    ):
        movies(["movies_metadata.csv"], "x")
