"""The CPI series in files: where it is looked for, its version, and what is refused."""

import hashlib
from pathlib import Path

import pytest
from movalytics_common.errors import InvalidData, InvalidSettings, MissingInput
from movalytics_extract import series, sources

from tests.unit.extract.conftest import CPI, MEMBERS, pack

VERSION = f"1999-02-01-{hashlib.sha256(CPI).hexdigest()[:8]}"


def test_finds_the_series_in_a_directory(directory: Path) -> None:
    assert sources.cpi(str(directory)).version("") == VERSION


def test_finds_the_series_in_an_archive(tmp_path: Path) -> None:
    archive = pack(tmp_path / "with.zip", {"data/CUSR0000SS62031.csv": CPI})
    assert sources.cpi(str(archive)).version("") == VERSION


def test_finds_the_series_beside_an_archive(archive: Path) -> None:
    archive.with_name("CUSR0000SS62031.csv").write_bytes(CPI)
    assert sources.cpi(str(archive)).version("") == VERSION


def test_takes_the_file_itself_under_any_name(tmp_path: Path) -> None:
    (tmp_path / "fredgraph.csv").write_bytes(CPI)
    assert sources.cpi(str(tmp_path / "fredgraph.csv")).version("") == VERSION


def test_refuses_a_directory_without_the_series(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_bytes(MEMBERS["links.csv"])
    with pytest.raises(MissingInput, match=r"has no CUSR0000SS62031\.csv: put FRED's series"):
        sources.cpi(str(tmp_path)).version("")


def test_refuses_an_archive_with_no_series_in_it_or_beside_it(archive: Path) -> None:
    with pytest.raises(MissingInput, match=r"and the directory it is in have no CUSR0000SS62031\.csv"):
        sources.cpi(str(archive)).version("")


def test_files_have_no_vintages(directory: Path) -> None:
    with pytest.raises(InvalidSettings, match="has no vintages"):
        sources.cpi(str(directory), "2020-01-01")


@pytest.mark.parametrize("header", ["DATE", "observation_date", '"DATE"', "\ufeffDATE"])
def test_accepts_both_headers(header: str) -> None:
    content = f"{header},CUSR0000SS62031\r\n2020-01-01,1\r\n".encode()
    assert series.version(content, "x").startswith("2020-01-01-")


@pytest.mark.parametrize("missing", ["", ".", "NA"])
def test_a_last_row_without_value_is_no_observation(missing: str) -> None:
    content = CPI + f"1999-03-01,{missing}\n".encode()
    assert series.version(content, "x").startswith("1999-02-01-")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "x is empty"),
        (b"<!DOCTYPE html><html></html>", r"x is a web page \(HTML\), not CSV"),
        (b"\xff\xfe\x00\x01", "x is not CSV text"),
        (b"\n", "x is not the series"),
        (b"DATE,CPIAUCSL\n2020-01-01,1\n", "is 'DATE,CPIAUCSL'"),
        (b"day,CUSR0000SS62031\n2020-01-01,1\n", "is not the series CUSR0000SS62031"),
        (b"DATE,CUSR0000SS62031\n", "x has no observation"),
        (b"DATE,CUSR0000SS62031\n2020-01-01,.\n", "x has no observation"),
        (b"DATE,CUSR0000SS62031\nnever,1\n", "x has no observation"),
    ],
)
def test_refuses_what_is_not_the_series(content: bytes, words: str) -> None:
    with pytest.raises(InvalidData, match=words):
        series.version(content, "x")
