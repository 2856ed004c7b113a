"""The CPI series in files: where it is looked for, its version, and what is refused."""

import gzip
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


@pytest.mark.parametrize("name", ["CUSR0000SS62031.csv", "CUSR0000SS62031_20220515.csv"])
def test_finds_the_series_beside_a_directory(directory: Path, name: str) -> None:
    (directory / "CUSR0000SS62031.csv").rename(directory.parent / name)
    assert sources.cpi(str(directory)).version("") == VERSION


def test_finds_the_series_in_a_directory_before_the_one_beside_it(directory: Path) -> None:
    (directory.parent / "CUSR0000SS62031.csv").write_bytes(CPI + b"1999-03-01,103.800\n")
    assert sources.cpi(str(directory)).version("") == VERSION


@pytest.mark.parametrize(
    "member", ["CUSR0000SS62031.csv", "CUSR0000SS62031_20220515.csv", "fredgraph.csv", "a/obs.csv"]
)
@pytest.mark.parametrize("name", ["CUSR0000SS62031.zip", "CUSR0000SS62031.csv.zip", "CUSR0000SS62031.csv"])
def test_reads_the_zip_that_fred_gives(tmp_path: Path, name: str, member: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    archive = pack(source / name, {"README.txt": b"About", member: CPI})
    assert sources.cpi(str(source)).version("") == VERSION
    assert sources.cpi(str(archive)).version("") == VERSION
    (landed,) = sources.cpi(str(source)).members(VERSION)
    assert landed.origin == f"{archive}, member {member}"


def test_reads_a_gzipped_series(tmp_path: Path) -> None:
    (tmp_path / "CUSR0000SS62031.csv.gz").write_bytes(gzip.compress(CPI))
    assert sources.cpi(str(tmp_path)).version("") == VERSION


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


@pytest.mark.parametrize(
    "header",
    [
        "DATE,CUSR0000SS62031",
        '"DATE","CUSR0000SS62031"',
        "\ufeffDATE,CUSR0000SS62031",
        "Date,cusr0000ss62031",
        " DATE , CUSR0000SS62031 ",
        "DATE,CUSR0000SS62031_20220515",
        "Title:,CPI\n\nSource: BLS\nDATE,CUSR0000SS62031",
        "sep=,\rDATE,CUSR0000SS62031",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lands_from_the_header_on_and_writes_that_plainly(header: str, end: str) -> None:
    rows = f"1999-01-01,102.700{end}1999-02-01,103.700{end}"
    content = f"{header}{end}{rows}".encode()
    assert series.landed(content, "x") == f"DATE,CUSR0000SS62031{end}{rows}".encode()
    assert series.version(content, "x").startswith("1999-02-01-")
    assert series.version(content, "x") == series.version(series.landed(content, "x"), "x")


def test_keeps_the_new_header_and_every_other_byte() -> None:
    content = b"observation_date,CUSR0000SS62031\r\n\r\n2020-02-01, 2 \n\xff\xfe,?\r2020-01-01,1\x1a"
    assert series.landed(content, "x") == content


@pytest.mark.parametrize(
    "rows",
    [
        "1999-02-01,2\n1999-01-01,1\n",
        "1999-01-01,1\r\n1999-02-01,2",
        "\n1999-01-01,1\n\n\t\n1999-02-01,2\n \n\x1a",
        "1999-01-01,1\r1999-02-01,2\r",
        "1999-01-01,1\n1999-02-01,2\x1a",
        '1999-01-01,1\n\xff\x00\n"\n1999-13-01,9\n3/1/1999,9\n1999-04-01,nan\n1999-05-01,1e999\n,,,\n1999-02-01,2',
        "9" * 200_000 + "\n1999-01-01,1\n1999-02-01,2\n1999-2-1\x85,1\u2028\n",
    ],
    ids=["unordered", "no last end", "blank lines", "CR", "Ctrl-Z", "unreadable lines", "long and strange"],
)
def test_the_version_is_the_last_month_that_can_be_read(rows: str) -> None:
    content = f"DATE,CUSR0000SS62031\n{rows}".encode("utf-8", "surrogatepass")
    assert series.version(content, "x").startswith("1999-02-01-")


@pytest.mark.parametrize(("months", "words"), [(12, "annual"), (3, "quarterly"), (6, "semi-annual"), (2, "2 months")])
def test_refuses_another_frequency(months: int, words: str) -> None:
    dates = [(1999 + month // 12, month % 12 + 1) for month in range(0, 120, months)]
    rows = "".join(f"{year}-{month:02}-01,1.0\n" for year, month in dates)
    with pytest.raises(InvalidData, match=rf"x is not monthly but .*{words}: get it with FRED's frequency Monthly"):
        series.version(f"DATE,CUSR0000SS62031\n{rows}".encode(), "x")


def test_refuses_daily_values() -> None:
    rows = "".join(f"1999-01-{day:02},1.0\n" for day in range(1, 31))
    with pytest.raises(InvalidData, match="x is not monthly: most of its dates are no first of a month"):
        series.version(f"DATE,CUSR0000SS62031\n{rows}".encode(), "x")


def test_a_month_of_the_future_makes_no_version() -> None:
    with pytest.raises(InvalidData, match="x has an observation of 2999-01-01, which is in the future"):
        series.version(CPI + b"2999-01-01,1\n", "x")


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
        (b"DATE,CUSR0000SS62031\n1/1/1999,102.7\n", "must be a date as 2022-04-01 .* is '1/1/1999,102.7'"),
        (b"DATE,CUSR0000SS62031,CPIAUCSL\n1999-01-01,1,2\n", "is not the series"),
        (b"DATE;CUSR0000SS62031\n1999-01-01;1\n", "is not the series"),
        (b"\xff\xfe" + "DATE,CUSR0000SS62031\n".encode("utf-16-le"), "x is not CSV text but text in UTF-16"),
        (bytes(100), "x begins with zero bytes"),
        (b"%PDF-1.4", "x is not CSV text but a PDF"),
    ],
)
def test_refuses_what_is_not_the_series(content: bytes, words: str) -> None:
    with pytest.raises(InvalidData, match=words):
        series.version(content, "x")
