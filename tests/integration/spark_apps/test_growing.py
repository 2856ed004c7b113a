"""Lines at the end of ratings.csv are added to what an earlier folder holds, and it is as if all had been read."""

import json
import random
import shutil
import struct
from argparse import Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from movalytics_common.errors import InvalidData
from transform_ratings import transform_ratings

from tests.landed import land_files
from tests.unit.spark_apps.conftest import PYSPARK_SOCKETS, Raw, spark  # noqa: F401 a fixture

pytestmark = [pytest.mark.filterwarnings(PYSPARK_SOCKETS), pytest.mark.timeout(600)]

MARCH, APRIL, MAY = 1_425_941_529, 1_428_000_000, 1_431_000_000  # seconds, of 2015
BEFORE = [f"7,1,3.5,{MARCH}", f"7,2,4.0,{APRIL}", f"8,1,0.5,{MARCH + 1}", f"8,999,0.5,{MARCH}", f"9,65243,5.0,{MAY}"]
BEFORE += [f"{user},999,0.5,{APRIL}" for user in range(100, 130)]  # of no film: more lines than are added below
LINKS = ["1,0114709,862", "2,0113497,8844", "65243,1,141971", "66140,2,141971", "4,0000004,"]
Land = Callable[..., str]
Transform = Callable[..., Path]


@pytest.fixture
def lands(tmp_path: Path) -> Land:
    """Lands ratings.csv of these rows, with links and films, as extract does; the version's directory."""

    def of(version: str, *rows: str, links: list[str] = LINKS, last: str = "\r\n", title: str = "Toy Story") -> str:
        (tmp_path / f"source {version}").mkdir()
        source = Raw(tmp_path / f"source {version}")
        source.links(*links)
        source.movies({"id": "862", "title": title}, {"id": "8844"}, {"id": "141971"})
        source.write("ratings.csv", "\r\n".join(["userId,movieId,rating,timestamp", *rows]) + last)
        files = {path.name: path.read_bytes() for path in source.directory.iterdir()}
        return land_files(files, tmp_path / "raw" / f"version={version}")

    return of


@pytest.fixture
def transform(spark: Any, tmp_path: Path) -> Transform:  # noqa: F811
    """Runs the application; the folder that it wrote."""

    def run(made: str, movies: str, earlier: str = "none", code: str = "c0de") -> Path:
        places = {"output": f"file://{tmp_path}/made={made}", "earlier": f"file://{tmp_path}/made={earlier}"}
        transform_ratings(Namespace(step="transform-ratings", run=made, made=made, movies=movies, code=code, **places))
        spark.catalog.clearCache()  # what it keeps ends with it elsewhere
        return tmp_path / f"made={made}"

    return run


def first_quickly(instances: Iterable[Any]) -> list[Any]:
    """The first in make test, the others in make test-slow."""
    first, *others = instances
    return [first, *(pytest.param(other, marks=pytest.mark.slow) for other in others)]


def manifest(folder: Path) -> Any:
    return json.loads((folder / "ratings.manifest").read_text())


def told(folder: Path) -> Any:
    """What the manifest says but for where and by whom, which files hold a month, and which raw version it was."""
    about = manifest(folder)["movalytics"]
    partitions = {name: {**one, "files": bool(one["files"])} for name, one in about["partitions"].items()}
    return {**about, "partitions": partitions, "made": "", "run": "", "raw": ""}, manifest(folder)["meta"][
        "record_count"
    ]


def aside(folder: Path, name: str = "ratings") -> list[tuple[str, str]]:
    directory = folder / "rejected" / name
    return sorted((row["reason"], row["record"]) for row in pq.read_table(directory).to_pylist())


def rows(folder: Path) -> list[tuple[Any, ...]]:
    """The rows of the files that the manifest lists, which are all that there are."""
    uris = [entry["url"].removeprefix("file://") for entry in manifest(folder)["entries"]]
    assert sorted(uris) == sorted(str(path) for path in (folder / "ratings").rglob("*.parquet"))
    return sorted(tuple(row.values()) for uri in uris for row in pq.ParquetFile(uri).read().to_pylist())


def contents(folder: Path) -> Any:
    assert not (folder / "added").exists()
    return told(folder), rows(folder), aside(folder), aside(folder, "links")


def files(folder: Path) -> dict[str, set[str]]:
    """Month → the names of its files; Spark gives each that it writes another."""
    names: dict[str, set[str]] = {}
    for path in (folder / "ratings").rglob("*.parquet"):
        names.setdefault(path.parent.name.removeprefix("month=")[:7], set()).add(path.name)
    return names


def copied(folder: Path, earlier: Path) -> set[str]:
    """The months whose files are the earlier folder's."""
    found, before = files(folder), files(earlier)
    return {month for month in found if found[month] == before.get(month)}


def test_months_that_get_a_row_are_written_anew_and_the_others_copied(lands: Land, transform: Transform) -> None:
    first = transform("first", lands("1", *BEFORE))
    more = [
        f"7,65243,1.0,{APRIL + 9}",
        f"10,1,2.0,{MAY - 2_700_000}",
        f"10,4,2.0,{MAY}",
        "10,1,99,1",
        f"10,2,3,{10**9}",
    ]
    grown = lands("2", *BEFORE, *more)
    second, whole = transform("second", grown, "first"), transform("whole", grown)
    assert contents(second) == contents(whole)
    assert set(files(second)) - set(files(first)) == {"2001-09"}
    assert copied(second, first) == {"2015-03", "2015-05"}
    assert len(rows(second)) == len(rows(first)) + 3


@pytest.mark.slow
def test_what_was_added_is_added_to_again_and_whole_without_the_earlier_folders(
    lands: Land, transform: Transform, tmp_path: Path
) -> None:
    transform("first", lands("1", *BEFORE))
    transform("second", lands("2", *BEFORE, f"10,1,2.0,{MARCH}"), "first")
    grown = lands("3", *BEFORE, f"10,1,2.0,{MARCH}", f"11,1,2.0,{APRIL}")
    third, whole = transform("third", grown, "second"), transform("whole", grown)
    assert copied(third, tmp_path / "made=second") == {"2015-03", "2015-05"}
    for made in ("first", "second"):
        (tmp_path / f"made={made}").rename(tmp_path / f"gone {made}")
    assert contents(third) == contents(whole)


@pytest.mark.slow
def test_the_same_files_in_another_version_are_taken_over(lands: Land, transform: Transform) -> None:
    first, second = transform("first", lands("1", *BEFORE)), transform("second", lands("2", *BEFORE), "first")
    assert files(second) == files(first)
    assert contents(second) == contents(first)


@pytest.mark.slow
def test_a_film_that_is_rated_again_supersedes_the_earlier_rating(lands: Land, transform: Transform) -> None:
    first, grown = transform("first", lands("1", *BEFORE)), lands("2", *BEFORE, f"7,1,0.5,{MAY}")
    second = transform("second", grown, "first")
    assert contents(second) == contents(transform("whole", grown))
    assert manifest(second)["movalytics"]["merged"] == {"superseded_rating": 1}
    assert not copied(second, first)


@pytest.mark.slow
def test_by_another_link_it_is_the_same_film(lands: Land, transform: Transform) -> None:
    grown = lands("2", *BEFORE, f"9,66140,0.5,{MAY + 5}")
    transform("first", lands("1", *BEFORE))
    second = transform("second", grown, "first")
    assert contents(second) == contents(transform("whole", grown))
    assert manifest(second)["movalytics"]["merged"] == {"superseded_rating": 1}


OTHERS: dict[str, tuple[list[str], dict[str, Any], dict[str, Any]]] = {
    "a rating in the middle": ([f"7,1,3.0,{MARCH}", *BEFORE[1:]], {}, {}),
    "a film's": (BEFORE, {}, {"title": "Toys"}),
    "a link": (BEFORE, {}, {"links": [*LINKS, "5,0000005,862"]}),
    "the last line, which has no end": (BEFORE, {"last": ""}, {}),
}


@pytest.mark.parametrize("other", first_quickly(OTHERS))
def test_all_is_read_when_something_else_changed(lands: Land, transform: Transform, other: str) -> None:
    rows, before, after = OTHERS[other]
    first = transform("first", lands("1", *rows, **before))
    grown = lands("2", *BEFORE, f"10,1,2.0,{MAY}", **after)
    second = transform("second", grown, "first")
    assert not copied(second, first)
    assert contents(second) == contents(transform("whole", grown))


def lose_a_file(folder: Path) -> None:
    next((folder / "ratings").rglob("*.parquet")).unlink()


def lose_all_files(folder: Path) -> None:
    shutil.rmtree(folder / "ratings")


def damage_a_month(folder: Path) -> None:
    damage(next((folder / "ratings").rglob("month=2015-03*/*.parquet")))


def exchange_a_value(folder: Path) -> None:
    """Five stars become one, in a month that gets a row."""
    file = next((folder / "ratings").rglob("month=2015-05*/*.parquet"))
    five, one = struct.pack("<d", 5.0), struct.pack("<d", 1.0)
    assert five in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(five, one))


def damage(file: Path) -> None:
    """Keep its size."""
    content = file.read_bytes()
    file.write_bytes(content[:4] + b"\xff" * (len(content) - 12) + content[-8:])


def lose_what_was_rejected(folder: Path) -> None:
    next((folder / "rejected" / "ratings").glob("*.parquet")).unlink()


def lose_all_that_was_rejected(folder: Path) -> None:
    shutil.rmtree(folder / "rejected" / "ratings")


def damage_what_was_rejected(folder: Path) -> None:
    damage(next((folder / "rejected" / "ratings").glob("*.parquet")))


def lose_the_links_that_were_rejected(folder: Path) -> None:
    shutil.rmtree(folder / "rejected" / "links")


def break_off_the_manifest(folder: Path) -> None:
    text = (folder / "ratings.manifest").read_text()
    (folder / "ratings.manifest").write_text(text[: len(text) // 2])


def lose_the_raw_version(folder: Path) -> None:
    raw = Path(manifest(folder)["movalytics"]["raw"].removeprefix("file://"))
    (raw / "_files.json").unlink()


def forget_how_long_a_block_is(folder: Path) -> None:
    for listing in folder.parent.glob("raw/*/_files.json"):
        listing.write_text(json.dumps({**json.loads(listing.read_text()), "block_bytes": 0}))


SPOILT = [
    *(damage_a_month, exchange_a_value, lose_a_file, lose_all_files),
    *(damage_what_was_rejected, lose_what_was_rejected, lose_all_that_was_rejected),
    *(break_off_the_manifest, lose_the_raw_version, forget_how_long_a_block_is),
]


@pytest.mark.parametrize("spoil", first_quickly(SPOILT))
def test_all_is_read_when_the_earlier_folder_is_not_whole(
    lands: Land, transform: Transform, spoil: Callable[[Path], None]
) -> None:
    first, grown = transform("first", lands("1", *BEFORE)), lands("2", *BEFORE, f"10,1,2.0,{MAY}")
    spoil(first)
    second = transform("second", grown, "first")
    assert not copied(second, first)
    assert contents(second) == contents(transform("whole", grown))


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [lose_a_file, lose_what_was_rejected, lose_the_links_that_were_rejected])
def test_from_a_folder_that_is_not_whole_nothing_is_taken_over(
    lands: Land, transform: Transform, spoil: Callable[[Path], None]
) -> None:
    spoil(transform("first", lands("1", *BEFORE)))
    again = lands("2", *BEFORE)
    assert contents(transform("second", again, "first")) == contents(transform("whole", again))


@pytest.mark.slow
def test_where_more_than_half_came_all_is_read(lands: Land, transform: Transform) -> None:
    first = transform("first", lands("1", *BEFORE))
    second = transform("second", lands("2", *BEFORE, *(f"10,999,2.0,{MAY + second}" for second in range(20))), "first")
    assert not copied(second, first)


@pytest.mark.slow
def test_other_code_reads_all(lands: Land, transform: Transform) -> None:
    first = transform("first", lands("1", *BEFORE))
    second = transform("second", lands("2", *BEFORE, f"10,1,2.0,{MAY}"), "first", code="beef")
    assert not copied(second, first)


def test_a_fault_of_an_added_line_is_told_with_the_number_that_it_has_in_the_file(
    lands: Land, transform: Transform, tmp_path: Path
) -> None:
    transform("first", lands("1", *BEFORE))
    with pytest.raises(InvalidData, match=rf"ratings.csv .*: line {len(BEFORE) + 2}, .* leaves a quote open"):
        transform("second", lands("2", *BEFORE, f'"10,1,2.0,{MAY}', f"10,2,2.0,{MAY}"), "first")
    assert not (tmp_path / "made=second" / "ratings.manifest").exists()


@pytest.mark.slow
def test_a_killed_try_is_written_over(lands: Land, transform: Transform, tmp_path: Path) -> None:
    transform("first", lands("1", *BEFORE))
    grown = lands("2", *BEFORE, f"10,1,2.0,{MAY}")
    for left in (
        "ratings/month=2015-03-01/part-9.snappy.parquet",
        "rejected/ratings/part-9.parquet",
        "added/ratings.csv",
    ):
        path = tmp_path / "made=second" / left
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PAR1")
    assert contents(transform("second", grown, "first")) == contents(transform("whole", grown))


def some_rows(luck: random.Random, number: int) -> list[str]:
    """Rows of few users, films and months: known, rated again, unknown, spoilt."""
    films, stars = ("1", "2", "65243", "66140", "4", "999", "x"), ("0.5", "4", "5.0", "6", "")
    moments = (MARCH, APRIL, MAY, MAY + 40 * 86400)
    return [
        f"{luck.randrange(1, 40)},{luck.choice(films)},{luck.choice(stars)},{luck.choice(moments) + luck.randrange(99)}"
        for _ in range(number)
    ]


@pytest.mark.parametrize("seed", first_quickly(range(6)))
def test_whatever_is_added_it_is_as_if_all_had_been_read(lands: Land, transform: Transform, seed: int) -> None:
    luck, every, earlier = random.Random(seed), list(BEFORE), "none"
    for step in range(3):
        every += some_rows(luck, luck.choice([0, 1, 3, 12]))
        version = lands(f"{step}", *every)
        made, whole = transform(f"step {step}", version, earlier), transform(f"whole {step}", version)
        assert contents(made) == contents(whole)
        earlier = f"step {step}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_however_lines_are_written_and_end_it_is_as_if_all_had_been_read(
    lands: Land, transform: Transform, seed: int
) -> None:
    luck, text, earlier = random.Random(seed), "", "none"
    for step in range(3):
        for row in [*BEFORE[:9], *some_rows(luck, 9)] if not step else some_rows(luck, 4):
            text += luck.choice([row, f'"{row.split(",", 1)[0]}",{row.split(",", 1)[1]}', f" {row}", f"{row},9"])
            text += luck.choice(["\n", "\r\n", "\r", "\n\n", "\r\n \t\r\n", "\n\r"])
        version = lands(f"{step}", *[text], last="")
        made, whole = transform(f"step {step}", version, earlier), transform(f"whole {step}", version)
        assert contents(made) == contents(whole)
        earlier = f"step {step}"
