"""What a new price leaves as it is is taken over from an earlier folder, and nothing else is."""

import json
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from movalytics_common.declaration import tables

from tests.integration.quick_java import TINY
from tests.integration.spark_apps.conftest import CPI, Submit

NAMES = [name for name, table in tables().items() if table.application == "transform-catalogue"]
FILMS = [name for name in NAMES if tables()[name].source == "movies_metadata.csv"]
Transform = Callable[..., Path]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The tiny files, and prices with another month in `priced`."""
    shutil.copytree(TINY, tmp_path / "raw")
    (tmp_path / "raw/priced").mkdir()
    series = (TINY / CPI).read_text().splitlines()
    (tmp_path / "raw/priced" / CPI).write_text("\n".join([*series[:-1], ""]))
    return tmp_path / "raw"


@pytest.fixture
def transform(submit: Submit, sources: Path, tmp_path: Path) -> Transform:
    """Runs the application; the folder that it wrote."""

    def run(made: str, earlier: str = "none", prices: str = "", code: str = "c0de") -> Path:
        output = tmp_path / f"made={made}"
        done = submit(
            "transform_catalogue.py",
            *(f"--run={made}", f"--made={made}", f"--movies=file://{sources}", f"--cpi=file://{sources / prices}"),
            *(f"--output=file://{output}", f"--earlier=file://{tmp_path}/made={earlier}", f"--code={code}"),
        )
        assert done.returncode == 0, done.stdout
        return output

    return run


def manifests(folder: Path) -> dict[str, Any]:
    return {name: json.loads((folder / f"{name}.manifest").read_text()) for name in NAMES}


def contents(folder: Path) -> dict[str, Any]:
    """Table → its account and its partitions' rows, digests and totals."""
    found = {name: manifest["movalytics"] for name, manifest in manifests(folder).items()}
    places = ("made", "run", "partitions")
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


def test_with_other_prices_the_prices_alone_are_made_and_all_is_as_if_made_whole(transform: Transform) -> None:
    first = transform("first")
    second, whole = transform("second", "first", "priced"), transform("whole", prices="priced")
    assert contents(second) == contents(whole)
    assert {name for name in NAMES if files(second, name) == files(first, name)} == set(FILMS)
    for kind, name in product(("rejected", "repaired"), NAMES):
        assert rows_aside(second, kind, name) == rows_aside(whole, kind, name)


def test_what_is_taken_over_is_whole_without_the_earlier_folder(transform: Transform) -> None:
    first = transform("first")
    second = transform("second", "first", "priced")
    shutil.rmtree(first)
    for manifest in manifests(second).values():
        about = manifest["movalytics"]
        assert (about["made"], about["run"]) == ("second", "second")
        loaded = paths([entry["url"] for entry in manifest["entries"]])
        assert sum(pq.read_metadata(path).num_rows for path in loaded) == manifest["meta"]["record_count"]
        assert loaded == paths([uri for one in about["partitions"].values() for uri in one["files"]])


@pytest.mark.parametrize("spoilt", ["other code", "a manifest is missing"])
def test_nothing_is_taken_over_from(transform: Transform, spoilt: str) -> None:
    first = transform("first")
    if spoilt == "a manifest is missing":
        (first / "genre.manifest").unlink()
    second = transform("second", "first", "priced", code="beef" if spoilt == "other code" else "c0de")
    assert not any(files(second, name) & files(first, name) for name in NAMES)
