"""The whole sample through both mains, against figures that plain Python finds in the same files."""

import ast
import csv
import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from movalytics_common.declaration import tables

from tests.integration.spark_apps.conftest import LEFT_BY_A_KILL
from tests.integration.warehouse.world import by_partition, control_totals

# Both mains on the whole sample take minutes where the machine has other work.
pytestmark = pytest.mark.timeout(900)
TABLES = list(tables())
ONE = ("--run=one", "--made=one", "--earlier=file:///nowhere", "--code=c0de")
# What is declared to be unique, and ratings' one number for user and film, which follows from its key.
KEYS = [*((table.name, key) for table in tables().values() for key in table.unique), ("ratings", ("user_movie_id",))]
# What is known of the sample: rows in and out, rejected and merged. Of another table it is found, not known.
ACCOUNTS = {
    "movies": (4627, 4626, 0, 1),
    "genre": (11091, 20, 0, 11071),
    "movie_genre": (11091, 11089, 0, 2),
    "date": (4627, 2895, 4, 1728),
    "ratings": (100004, 71609, 28395, 0),
    "cpi": (280, 280, 0, 0),
}
# Tables into which each row of their file goes once, and not as many as its lists hold.
ONE_ROW_EACH = ["movies", "date", "ratings", "cpi"]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def manifest_of(curated: Path, table: str) -> Any:
    return json.loads((curated / f"{table}.manifest").read_text())


def rows_of(curated: Path, table: str) -> list[dict[str, Any]]:
    """The rows of the files that the manifest names."""
    paths = [entry["url"].removeprefix("file://") for entry in manifest_of(curated, table)["entries"]]
    return pa.concat_tables([pq.ParquetFile(path).read() for path in paths]).to_pylist()


@pytest.fixture(scope="session")
def films(raw: Path) -> dict[int, dict[str, str]]:
    """The films by id, of each the row with most votes, then the first."""
    best: dict[int, dict[str, str]] = {}
    for row in read_csv(raw / "movies_metadata.csv"):
        movie_id = int(row["id"])
        if movie_id not in best or int(row["vote_count"]) > int(best[movie_id]["vote_count"]):
            best[movie_id] = row
    return best


@pytest.fixture(scope="session")
def validated_ratings(raw: Path, films: dict[int, Any]) -> dict[str, list[tuple[int, int, float, int]]]:
    """The ratings (user, TMDB film, stars, seconds) by reason, "" for those that stand; found row by row."""
    links = {row["movieId"]: row["tmdbId"] for row in read_csv(raw / "links.csv")}
    validated: dict[str, list[tuple[int, int, float, int]]] = {"": []}
    for row in read_csv(raw / "ratings.csv"):
        tmdb_id = links.get(row["movieId"])
        reason = "not_in_links" if tmdb_id is None else "no_tmdb_id" if not tmdb_id else ""
        if not reason and int(tmdb_id or 0) not in films:
            reason = "film_not_in_catalogue"
        rating = (int(row["userId"]), int(tmdb_id or 0), float(row["rating"]), int(row["timestamp"]))
        validated.setdefault(reason, []).append(rating)
    return validated


@pytest.mark.parametrize("table", TABLES)
def test_every_row_that_went_in_came_out_or_was_rejected_or_merged(curated: Path, table: str) -> None:
    manifest = manifest_of(curated, table)
    about = manifest["movalytics"]
    require_account(curated, table, about)
    assert about["rows_out"] == len(rows_of(curated, table)) == manifest["meta"]["record_count"]
    assert set(about["inputs"]) == ({"links"} if table == "ratings" else set())


@pytest.mark.parametrize("table", TABLES)
def test_a_manifest_tells_what_each_partition_holds(curated: Path, table: str) -> None:
    rows = [tuple(row[column.name] for column in tables()[table].columns) for row in rows_of(curated, table)]
    told = manifest_of(curated, table)["movalytics"]["partitions"]
    assert {name: (one["rows"], one["totals"]) for name, one in told.items()} == {
        name: (len(found), control_totals(table, found)) for name, found in by_partition(table, rows).items()
    }


def require_account(curated: Path, name: str, about: dict[str, Any]) -> None:
    """It adds up, and the rows set aside and repaired lie in the lake, as many as it says."""
    aside = about["rejected"] | about["merged"]
    assert about["rows_in"] == about["rows_out"] + sum(aside.values())
    for kind, counts in (("rejected", aside), ("repaired", about["repaired"])):
        directory = curated / kind / name
        kept = pq.read_table(directory, partitioning=None).to_pylist() if directory.exists() else []
        assert Counter(row["reason"] for row in kept) == counts
        assert all(json.loads(row["record"]) for row in kept[:1000])
    module = import_module(f"movalytics_spark.{name}")
    assert set(about["rejected"]) <= set(module.REJECTIONS)
    assert set(about["merged"]) <= set(module.MERGES)
    assert set(about["repaired"]) <= set(module.REPAIRS)


def test_links_have_an_account_though_they_are_no_table(curated: Path, raw: Path) -> None:
    about = manifest_of(curated, "ratings")["movalytics"]["inputs"]["links"]
    require_account(curated, "links", about)
    links = read_csv(raw / "links.csv")
    without = sum(1 for link in links if not link["tmdbId"])
    assert about["rows_in"] == len(links)
    assert (about["rejected"], about["merged"], about["repaired"]) == ({"no_tmdb_id": without}, {}, {})
    assert without == 219  # facts/data.md 2.2


@pytest.mark.parametrize("table", ACCOUNTS)
def test_the_samples_accounts_are_what_they_were(curated: Path, table: str) -> None:
    about = manifest_of(curated, table)["movalytics"]
    lost = [sum(about[kind].values()) for kind in ("rejected", "merged")]
    assert (about["rows_in"], about["rows_out"], *lost) == ACCOUNTS[table]


@pytest.mark.parametrize("table", ONE_ROW_EACH)
def test_rows_in_are_the_rows_of_the_file(curated: Path, raw: Path, table: str) -> None:
    rows = read_csv(raw / tables()[table].source)
    assert manifest_of(curated, table)["movalytics"]["rows_in"] == len(rows)


@pytest.mark.parametrize("table", TABLES)
def test_the_manifest_names_files_as_the_lake_does(curated: Path, table: str) -> None:
    for entry in manifest_of(curated, table)["entries"]:
        assert entry["url"].startswith(f"file://{curated}/{table}/")
        assert Path(entry["url"].removeprefix("file://")).stat().st_size == entry["meta"]["content_length"]
        assert entry["mandatory"] is True


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_no_key_occurs_twice(curated: Path, table: str, key: tuple[str, ...]) -> None:
    keys = [tuple(row[name] for name in key) for row in rows_of(curated, table)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("table", TABLES)
def test_files_hold_only_types_that_redshift_copies(curated: Path, table: str) -> None:
    allowed = {"INT32 ", "INT64 ", "DOUBLE ", "BOOLEAN ", "BYTE_ARRAY STRING", "INT32 DATE", "INT64 TIMESTAMP"}
    for entry in manifest_of(curated, table)["entries"]:
        schema = pq.ParquetFile(entry["url"].removeprefix("file://")).schema
        for column in map(schema.column, range(len(schema))):
            logical = json.loads(column.logical_type.to_json())
            kind = logical["Type"].upper().replace("NONE", "")
            assert f"{column.physical_type} {kind}" in allowed
            if kind == "TIMESTAMP":
                assert logical["timeUnit"] == "microseconds"


def test_films_are_those_of_the_file(curated: Path, films: dict[int, dict[str, str]]) -> None:
    rows = {row["movie_id"]: row for row in rows_of(curated, "movies")}
    assert len(rows) == len(films) == 4626
    for movie_id, film in films.items():
        row = rows[movie_id]
        assert row["title"] == film["title"]
        assert row["popularity"] == float(film["popularity"])
        assert row["vote_average"] == float(film["vote_average"])
        assert (row["budget"] or 0, row["revenue"] or 0) == (int(film["budget"]), int(film["revenue"]))
        assert str(row["release_date"] or "") == film["release_date"]
    assert 0 not in {row[name] for row in rows.values() for name in ("budget", "revenue")}


def test_genres_are_those_of_the_films(curated: Path, films: dict[int, dict[str, str]]) -> None:
    expected = {
        (i, genre["id"], genre["name"]) for i, film in films.items() for genre in ast.literal_eval(film["genres"])
    }
    names = {row["genre_id"]: row["genre_name"] for row in rows_of(curated, "genre")}
    assert len(names) == 20
    found = {(row["movie_id"], row["genre_id"], names[row["genre_id"]]) for row in rows_of(curated, "movie_genre")}
    assert found == expected


def test_dates_are_the_release_dates_with_iso_weeks(curated: Path, films: dict[int, dict[str, str]]) -> None:
    rows = {row["release_date"]: row for row in rows_of(curated, "date")}
    assert set(rows) == {date.fromisoformat(film["release_date"]) for film in films.values() if film["release_date"]}
    for day, row in rows.items():
        assert (row["year"], row["month"], row["day"]) == (day.year, day.month, day.day)
        assert row["week"] == day.isocalendar().week
        assert row["quarter"] == (day.month + 2) // 3


def test_the_price_index_is_freds(curated: Path, raw: Path) -> None:
    expected = {
        (date.fromisoformat(row["DATE"]), float(row["CUSR0000SS62031"]))
        for row in read_csv(raw / "CUSR0000SS62031.csv")
    }
    assert {(row["date"], row["consumer_price_index"]) for row in rows_of(curated, "cpi")} == expected
    assert len(expected) == 280


def test_ratings_are_those_that_links_lead_to_a_film(curated: Path, validated_ratings: dict[str, Any]) -> None:
    rows = rows_of(curated, "ratings")
    latest: dict[tuple[int, int], tuple[int, float]] = {}
    for user, film, stars, seconds in validated_ratings[""]:
        latest[user, film] = max(latest.get((user, film), (0, 0.0)), (seconds, stars))
    found = {(row["user_id"], row["movie_id"]): (int(row["rated_at"].timestamp()), row["rating"]) for row in rows}
    assert found == latest
    assert all(row["user_movie_id"] == row["user_id"] * 2**32 + row["movie_id"] for row in rows)


def test_28_percent_are_rejected_as_the_sample_lacks_their_film(
    curated: Path, validated_ratings: dict[str, Any]
) -> None:
    rejected = manifest_of(curated, "ratings")["movalytics"]["rejected"]
    expected = {reason: len(rows) for reason, rows in validated_ratings.items() if reason}
    assert {reason: rejected[reason] for reason in expected} == expected
    assert expected["not_in_links"] == 46  # facts/data.md 2.3: 99,958 of 100,004 are in links, 99,898 have a tmdbId
    assert expected["no_tmdb_id"] == 60
    assert round(expected["film_not_in_catalogue"] / 100_004, 2) == 0.28


def test_half_stars_stay_half_and_times_stay_where_they_were(curated: Path) -> None:
    rows = rows_of(curated, "ratings")
    assert {row["rating"] for row in rows} == {number / 2 for number in range(1, 11)}
    days = [row["rated_at"] for row in rows]
    assert datetime(1995, 1, 9, tzinfo=UTC) < min(days)
    assert max(days) < datetime(2016, 10, 17, tzinfo=UTC)


def test_a_partition_of_the_sample_is_one_file(curated: Path) -> None:
    partitions = [one for table in TABLES for one in manifest_of(curated, table)["movalytics"]["partitions"].values()]
    assert {len(one["files"]) for one in partitions} == {1}


@pytest.mark.parametrize("step", ["catalogue", "ratings"])
def test_the_step_leaves_its_record(curated: Path, step: str) -> None:
    record = json.loads((curated / "runs" / f"transform-{step}.json").read_text())
    assert record["step"] == f"transform-{step}"
    assert record["rows"] == sum(table["rows_out"] for table in record["tables"].values())


def test_a_second_try_over_a_killed_one_leaves_nothing_of_it(curated: Path) -> None:
    assert LEFT_BY_A_KILL not in {part.name for part in (curated / "ratings").rglob("*.parquet")}
    assert not (curated / "ratings" / "_temporary").exists()


def test_a_renamed_column_ends_in_one_sentence_and_no_manifest(raw: Path, submit: Any, tmp_path: Path) -> None:
    content = (raw / "movies_metadata.csv").read_text(encoding="utf-8")
    (tmp_path / "movies_metadata.csv").write_text(content.replace("vote_count", "votes", 1), encoding="utf-8")
    arguments = [f"--movies=file://{tmp_path}", f"--cpi=file://{raw}", f"--output=file://{tmp_path}/out"]
    done = submit("transform_catalogue.py", *ONE, *arguments)
    assert done.returncode == 65
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["event"] == "failed"
    assert last["error"] == (
        f"file://{tmp_path}/movies_metadata.csv: the header has no column 'vote_count' and "
        "has an unknown column 'votes'; use the file as its source publishes it"
    )
    assert "Traceback" not in done.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("cut", [pytest.param(0.2, marks=pytest.mark.slow), 0.7])
def test_a_cut_file_ends_in_one_sentence_with_the_users_own_file(
    raw: Path, submit: Any, tmp_path: Path, cut: float
) -> None:
    files = {name: (raw / name).read_bytes() for name in ("links.csv", "ratings.csv", "movies_metadata.csv")}
    files["links.csv"] = files["links.csv"][: int(len(files["links.csv"]) * cut)].rsplit(b",", 1)[0]
    files["origin.json"] = json.dumps(
        {"source": "/me/d.zip", "files": {"links.csv": "/me/d.zip, member links.csv"}}
    ).encode()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    done = submit("transform_ratings.py", *ONE, f"--movies=file://{tmp_path}", f"--output=file://{tmp_path}/out")
    assert done.returncode == 65
    error = json.loads(done.stdout.splitlines()[-1])["error"]
    assert error.startswith("links.csv (from /me/d.zip, member links.csv; the lake's copy is file://")
    assert re.search(r"is cut off in its last record: line \d+, '.*', has [12] of 3 values; download it again$", error)
    assert not (tmp_path / "out").exists()


def test_spark_says_nothing_but_the_last_event(raw: Path, submit: Any, tmp_path: Path) -> None:
    done = submit("transform_ratings.py", *ONE, f"--movies=file://{tmp_path}", f"--output=file://{tmp_path}/out")
    assert done.returncode == 66
    said = done.stdout.splitlines() + done.stderr.splitlines()  # spark-submit sends a driver's stderr to its stdout
    ours = ("jdk.incubator.vector", "nothing is taken over")
    events = [line for line in said if not any(one in line for one in ours)]
    assert len(events) == 1
    assert "links.csv is not there: run the extract step of this version first" in events[0]
