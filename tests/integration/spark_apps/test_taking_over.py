"""What a new price leaves as it is is taken over from an earlier folder, and nothing else is."""

import json
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from movalytics_common.declaration import tables

from tests.integration.quick_java import TINY
from tests.integration.spark_apps.conftest import CPI, Submit
from tests.landed import land_files

NAMES = [name for name, table in tables().items() if table.application == "transform-catalogue"]
FILMS = [name for name in NAMES if tables()[name].source == "movies_metadata.csv"]
Transform = Callable[..., Path]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`films`, the tiny ones; `films, rated` with a rating more; their `prices`; `other prices`, a month less."""
    folder = tmp_path_factory.mktemp("lake")
    films = {file.name: file.read_bytes() for file in TINY.iterdir() if file.name != CPI}
    rated = {**films, "ratings.csv": films["ratings.csv"] + b"42,7502,5.0,1473258231\n"}
    series = (TINY / CPI).read_bytes()
    shorter = series[: series.rstrip().rindex(b"\n") + 1]
    every = {"films": films, "films, rated": rated, "prices": {CPI: series}, "other prices": {CPI: shorter}}
    for name, files in every.items():
        land_files(files, folder / name)
    return folder


@pytest.fixture(scope="module")
def transform(submit: Submit, lake: Path) -> Transform:
    """Runs the application; the folder that it wrote."""

    def run(made: str, earlier: str = "none", prices: str = "prices", code: str = "c0de", films: str = "films") -> Path:
        raw = [f"--movies=file://{lake / films}", f"--cpi=file://{lake / prices}", f"--code={code}"]
        places = [f"--output=file://{lake}/made={made}", f"--earlier=file://{lake}/made={earlier}"]
        done = submit("transform_catalogue.py", f"--run={made}", f"--made={made}", *raw, *places)
        assert done.returncode == 0, done.stdout
        return lake / f"made={made}"

    return run


@pytest.fixture(scope="module")
def made(transform: Transform) -> Path:
    """A folder that the application made whole."""
    return transform("made")


@pytest.fixture
def first(made: Path) -> Iterator[Path]:
    """A copy of it under a key of its own."""
    folder = made.with_name("made=first")
    shutil.copytree(made, folder)
    for manifest in folder.glob("*.manifest"):
        manifest.write_text(manifest.read_text().replace(f"file://{made}/", f"file://{folder}/"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def manifests(folder: Path) -> dict[str, Any]:
    return {name: json.loads((folder / f"{name}.manifest").read_text()) for name in NAMES}


def contents(folder: Path) -> dict[str, Any]:
    """Table → its account and its partitions' rows, digests and totals."""
    found = {name: manifest["movalytics"] for name, manifest in manifests(folder).items()}
    places = ("made", "run", "raw", "partitions")
    return {
        name: (
            {key: value for key, value in one.items() if key not in places},
            [{**part, "files": len(part["files"])} for part in one["partitions"].values()],
        )
        for name, one in found.items()
    }


def files(folder: Path, name: str) -> set[str]:
    """The names of the table's Parquet files; Spark gives each that it writes another."""
    return {path.name for path in (folder / name).rglob("*.parquet")}


def paths(uris: list[str]) -> list[Path]:
    return [Path(uri.removeprefix("file://")) for uri in uris]


def rows_aside(folder: Path, kind: str, name: str) -> list[Any]:
    directory = folder / kind / name
    return pq.read_table(directory).to_pylist() if directory.exists() else []


def test_with_other_prices_the_prices_alone_are_made_and_all_is_as_if_made_whole(
    transform: Transform, first: Path
) -> None:
    second, whole = transform("second", "first", "other prices"), transform("whole", prices="other prices")
    assert contents(second) == contents(whole)
    assert {name for name in NAMES if files(second, name) == files(first, name)} == set(FILMS)
    for kind, name in product(("rejected", "repaired"), NAMES):
        assert rows_aside(second, kind, name) == rows_aside(whole, kind, name)


def test_with_a_rating_more_no_table_of_the_catalogue_is_made_anew(transform: Transform, first: Path) -> None:
    second = transform("second", "first", films="films, rated")
    assert contents(second) == contents(first)
    assert all(files(second, name) == files(first, name) for name in NAMES)


def test_what_is_taken_over_is_whole_without_the_earlier_folder(transform: Transform, first: Path) -> None:
    second = transform("second", "first", "other prices")
    shutil.rmtree(first)
    for manifest in manifests(second).values():
        about = manifest["movalytics"]
        assert (about["made"], about["run"]) == ("second", "second")
        loaded = paths([entry["url"] for entry in manifest["entries"]])
        assert sum(pq.read_metadata(path).num_rows for path in loaded) == manifest["meta"]["record_count"]
        assert loaded == paths([uri for one in about["partitions"].values() for uri in one["files"]])


def lose_a_manifest(folder: Path) -> None:
    (folder / "genre.manifest").unlink()


def break_off_a_manifest(folder: Path) -> None:
    text = (folder / "genre.manifest").read_text()
    (folder / "genre.manifest").write_text(text[: len(text) // 2])


def lose_a_file(folder: Path) -> None:
    next((folder / "genre").glob("*.parquet")).unlink()


def cut_a_file(folder: Path) -> None:
    file = next((folder / "genre").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1])


def lose_what_was_rejected(folder: Path) -> None:
    shutil.rmtree(folder / "rejected" / "genre")


SLOWLY = [
    pytest.param(spoil, marks=pytest.mark.slow) for spoil in (lose_a_manifest, cut_a_file, lose_what_was_rejected)
]


@pytest.mark.parametrize("spoil", [break_off_a_manifest, lose_a_file, *SLOWLY])
def test_from_a_folder_that_is_not_whole_nothing_is_taken_over(
    transform: Transform, first: Path, spoil: Callable[[Path], None]
) -> None:
    before = {name: files(first, name) for name in NAMES}
    spoil(first)
    second = transform("second", "first", "other prices")
    assert not any(files(second, name) & before[name] for name in NAMES)
    assert all((second / f"{name}.manifest").exists() for name in NAMES)


def test_what_other_code_made_is_made_anew(transform: Transform, first: Path) -> None:
    second = transform("second", "first", "other prices", code="beef")
    assert not any(files(second, name) & files(first, name) for name in NAMES)


def test_nothing_is_taken_over_from_the_folder_that_is_to_be_made(transform: Transform, first: Path) -> None:
    before = {name: files(first, name) for name in NAMES}
    again = transform("first", "first")
    assert not any(files(again, name) & before[name] for name in NAMES)
