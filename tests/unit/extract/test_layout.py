"""Which paths of a source are its members."""

import pytest
from movalytics_common.errors import InvalidData, MissingInput
from movalytics_extract.layout import cpi, movies
from movalytics_extract.members import OPTIONAL, REQUIRED


def inside(folder: str) -> list[str]:
    return [f"{folder}{name}" for name in REQUIRED]


def but(*names: str, folder: str = "") -> list[str]:
    """All but these."""
    return [f"{folder}{name}" for name in REQUIRED if name not in names]


@pytest.mark.parametrize("folder", ["", "archive/", "a/b/", "./", "./archive/", "/", "/data/", "a\\", ".\\a\\b\\"])
def test_finds_members_at_the_top_or_in_one_folder(folder: str) -> None:
    assert movies(inside(folder), "x") == dict(zip(REQUIRED, inside(folder), strict=True))


def test_takes_the_optional_members_of_the_same_folder() -> None:
    paths = [*inside("a/"), *(f"a/{name}" for name in OPTIONAL), "b/keywords.csv"]
    assert movies(paths, "x").keys() == {*REQUIRED, *OPTIONAL}
    assert movies([*inside("a/"), "b/keywords.csv"], "x").keys() == set(REQUIRED)


def test_prefers_the_top_when_all_is_there() -> None:
    assert movies([*REQUIRED, *inside("old/"), "old/credits.csv"], "x") == {name: name for name in REQUIRED}


def test_passes_over_a_stray_file_at_the_top_for_the_folder_that_has_all() -> None:
    assert set(movies(["links.csv", "copy/ratings.csv", *inside("all/")], "x").values()) == set(inside("all/"))


@pytest.mark.parametrize(
    "spelling", ["RATINGS.CSV", "Ratings.csv", "ratings.csv.zip", "ratings.csv.gz", "Ratings.CSV.GZ"]
)
def test_takes_other_spellings_of_a_name(spelling: str) -> None:
    assert movies([*but("ratings.csv"), spelling], "x")["ratings.csv"] == spelling


def test_takes_the_file_itself_before_another_spelling_of_it() -> None:
    paths = ["ratings.csv.zip", "RATINGS.csv", *REQUIRED, "ratings.csv.gz"]
    assert movies(paths, "x")["ratings.csv"] == "ratings.csv"


@pytest.mark.parametrize(
    "spellings", [("Links.csv", "LINKS.CSV"), ("links.csv.zip", "links.csv.gz"), ("links.csv", "./links.csv")]
)
def test_refuses_two_spellings_of_a_name_that_are_equally_near(spellings: tuple[str, str]) -> None:
    with pytest.raises(InvalidData, match=r"x has links\.csv 2 times, as .* and as .*: keep one of them"):
        movies([*but("links.csv"), *spellings], "x")


@pytest.mark.parametrize(
    "path",
    [
        "../links.csv",
        "a/../links.csv",
        "..\\links.csv",
        "links_small.csv",
        "__MACOSX/links.csv",
        "._links.csv",
        "links",
    ],
)
def test_passes_over_other_files_and_paths_that_lead_elsewhere(path: str) -> None:
    with pytest.raises(MissingInput, match=r"x has no links\.csv: it must hold"):
        movies([*but("links.csv"), path], "x")


def test_refuses_members_in_two_folders_and_names_them() -> None:
    with pytest.raises(InvalidData, match="x has the files twice, in a and in b/c: keep one of them"):
        movies([*inside("a/"), *inside("b/c/")], "x")


def test_names_every_missing_member() -> None:
    with pytest.raises(
        MissingInput, match=r"x has no links\.csv and no ratings\.csv: it must hold movies_metadata\.csv"
    ):
        movies(but("links.csv", "ratings.csv"), "x")


def test_says_where_the_members_are_when_no_folder_has_all() -> None:
    with pytest.raises(MissingInput, match=r"x has no ratings\.csv in a: .* \(ratings\.csv is in b, the rest in a\)"):
        movies([*but("ratings.csv", folder="a/"), "b/ratings.csv"], "x")


def test_names_the_archives_that_may_hold_what_is_missing() -> None:
    with pytest.raises(
        MissingInput, match=r"x has no .*\(it holds the-movies-dataset\.zip: unpack that, or name it alone\)"
    ):
        movies(["the-movies-dataset.zip", "readme.txt"], "x")


@pytest.mark.parametrize(
    "path",
    [
        *("CUSR0000SS62031.csv", "cusr0000ss62031.CSV", "CUSR0000SS62031_20220515.csv", "CUSR0000SS62031.csv.zip"),
        *(
            "CUSR0000SS62031.zip",
            "CUSR0000SS62031_20220515.zip",
            "cpi/CUSR0000SS62031.csv.gz",
            "a\\b\\CUSR0000SS62031.csv",
        ),
    ],
)
def test_finds_the_series_under_the_names_that_fred_and_people_give_it(path: str) -> None:
    assert cpi(["CPIAUCSL.csv", path, "CUSR0000SS62031_2.csv"], "x") == path


def test_takes_the_series_before_a_vintage_of_it() -> None:
    paths = ["CUSR0000SS62031_20220515.csv", "CUSR0000SS62031.csv", "CUSR0000SS62031.zip", "old/CUSR0000SS62031.csv"]
    assert cpi(paths, "x") == "CUSR0000SS62031.csv"


def test_refuses_two_vintages() -> None:
    with pytest.raises(
        InvalidData, match=r"x has CUSR0000SS62031\.csv 2 times, as CUSR0000SS62031_20220515\.csv and as"
    ):
        cpi(["CUSR0000SS62031_20220515.csv", "CUSR0000SS62031_20220615.csv"], "x")
