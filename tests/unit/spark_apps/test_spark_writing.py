"""What a table leaves in the lake: parts, rejected rows, and last its manifest."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from movalytics_common.errors import InvalidData, InvalidSettings
from movalytics_spark.columns import CURATED
from movalytics_spark.manifest import Written
from movalytics_spark.storage import read_bytes, require_lake, write_bytes
from movalytics_spark.validation import accepted
from movalytics_spark.writing import Target, account, complete, write_rows, write_validated
from pyspark.sql import DataFrame

JUDGED = "genre_id int, genre_name string, reason string, record string"
ROWS = [(35, "Comedy", None, "{}"), (18, "Drama", None, "{}"), (35, "Comedy", "merged_duplicate", '{"genre_id":35}')]


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target("one", "0123456789abcdef", f"file://{tmp_path}/my [lake] 100%/made=0123456789abcdef", "genre")


@pytest.fixture
def validated(spark: Any) -> DataFrame:
    return spark.createDataFrame(ROWS, JUDGED)


def local(uri: str) -> Path:
    return Path(uri.removeprefix("file://"))


def test_the_manifest_says_what_to_load_and_what_became_of_each_row(target: Target, validated: DataFrame) -> None:
    counts = write_validated(target, validated, 3)
    manifest = json.loads(local(target.manifest).read_text())
    (entry,) = manifest["entries"]
    part = local(entry["url"])
    assert part.parent == local(target.rows)
    assert part.match("part-*.parquet")
    assert entry["mandatory"] is True
    assert entry["meta"] == manifest["meta"] == {"content_length": part.stat().st_size, "record_count": 2}
    assert [element["name"] for element in manifest["schema"]["elements"]] == CURATED["genre"].names
    assert manifest["schema"]["elements"][1]["type"] == {"base": "character varying"}
    assert counts == {
        "rows_in": 3,
        "rows_out": 2,
        "rejected": {},
        "merged": {"merged_duplicate": 1},
        "repaired": {},
    }
    (whole,) = manifest["movalytics"].pop("partitions").values()
    assert (whole["rows"], whole["files"]) == (2, [entry["url"]])
    assert whole["totals"] == {"genre_id": 35 + 18, "genre_name": len("Comedy") + len("Drama")}
    assert manifest["movalytics"] == {
        "made": "0123456789abcdef",
        "run": "one",
        "table": "genre",
        **counts,
        "inputs": {},
    }


def rated(user: int, film: int, stars: float, moment: str) -> tuple[int, int, int, float, datetime, None]:
    return user * 2**32 + film, user, film, stars, datetime.fromisoformat(moment), None


RATED = [
    rated(1, 2, 3.5, "2015-03-31T23:59:59Z"),
    rated(1, 3, 5.0, "2015-04-01T00:00:00Z"),
    rated(2, 3, 0.5, "2015-03-01T00:00:00Z"),
]


@pytest.fixture
def partitions(spark: Any, target: Target) -> Callable[..., dict[str, Any]]:
    """Writes ratings; month → what the manifest says of it."""
    ratings = replace(target, table="ratings")

    def write(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
        types = ("bigint", "int", "int", "double", "timestamp", "string")
        schema = ", ".join(f"{n} {k}" for n, k in zip([*CURATED["ratings"].names, "reason"], types, strict=True))
        written = write_rows(ratings, accepted(spark.createDataFrame(rows, schema)))
        complete(ratings, written, account("ratings", len(rows), written.rows, {}, {}))
        return dict(json.loads(local(ratings.manifest).read_text())["movalytics"]["partitions"])

    return write


def test_ratings_lie_by_months_with_control_totals_of_each(partitions: Any) -> None:
    found = partitions(RATED)
    assert {name: one["rows"] for name, one in found.items()} == {"2015-03": 2, "2015-04": 1}
    assert found["2015-03"]["totals"] == {
        "user_movie_id": 2**32 + 2 + 2 * 2**32 + 3,
        "user_id": 3,
        "movie_id": 5,
        "rating": 40,  # tenths
        "rated_at": sum(int(row[4].timestamp()) for row in RATED if row[4].month == 3),
    }
    for name, one in found.items():
        assert [local(uri).parent.name for uri in one["files"]] == [f"month={name}-01"]


def test_a_digest_tells_other_rows_and_not_another_order(partitions: Any) -> None:
    digests = {name: one["digest"] for name, one in partitions(RATED).items()}
    assert {name: one["digest"] for name, one in partitions(RATED[::-1]).items()} == digests
    user, film = RATED[2], RATED[0]
    swapped = [(film[0], *film[1:3], user[3], *film[4:]), RATED[1], (user[0], *user[1:3], film[3], *user[4:])]
    changed = partitions(swapped)
    assert {name for name, one in changed.items() if one["digest"] != digests[name]} == {"2015-03"}


def test_a_cell_that_moves_between_empty_columns_changes_the_digest(spark: Any, target: Target) -> None:
    days = replace(target, table="date")
    schema = ", ".join(f"{field.name} {field.dataType.simpleString()}" for field in CURATED["date"])
    found = []
    for cells in ((1, None), (None, 1)):
        row = spark.createDataFrame([(date(2000, 1, 1), *cells, 1, 1, 2000)], schema)
        found.append(write_rows(days, row).partitions[""]["digest"])
    assert found[0] != found[1]


def test_merged_rejected_and_repaired_are_told_apart(spark: Any, target: Target) -> None:
    rows = [*ROWS, (None, None, "invalid_genre", "{}")]
    validated = spark.createDataFrame(rows, JUDGED).selectExpr("*", "array('invalid_a', 'invalid_b') as repairs")
    counts = write_validated(target, validated, 4)
    assert (counts["merged"], counts["rejected"]) == ({"merged_duplicate": 1}, {"invalid_genre": 1})
    assert counts["repaired"] == {"invalid_a": 2, "invalid_b": 2}
    (file,) = local(target.repaired).glob("part-*.parquet")
    kept = spark.read.parquet(f"file://{file}".replace("[", "\\[")).collect()
    assert sorted(row.reason for row in kept) == ["invalid_a", "invalid_a", "invalid_b", "invalid_b"]


def test_the_account_of_a_file_that_feeds_a_join_stands_beside_its_tables(target: Target) -> None:
    links = account("links", 3, 1, {"no_tmdb_id": 1, "merged_duplicate": 1}, {})
    complete(target, Written([], {}), account("genre", 0, 0, {}, {}), {"links": links})
    assert json.loads(local(target.manifest).read_text())["movalytics"]["inputs"] == {"links": links}
    assert (links["rejected"], links["merged"]) == ({"no_tmdb_id": 1}, {"merged_duplicate": 1})


def test_an_account_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(InvalidData, match="links: 4 rows went in, but 1 came out, 1 were rejected and 1 merged"):
        account("links", 4, 1, {"no_tmdb_id": 1, "merged_duplicate": 1}, {})


def test_rejected_rows_are_kept_with_reason_and_record(spark: Any, target: Target, validated: DataFrame) -> None:
    write_validated(target, validated, 3)
    (file,) = local(target.rejected).glob("part-*.parquet")
    (row,) = spark.read.parquet(f"file://{file}".replace("[", "\\[")).collect()
    assert row.asDict() == {"reason": "merged_duplicate", "record": '{"genre_id":35}'}


def test_what_a_killed_try_left_is_replaced(spark: Any, target: Target, validated: DataFrame) -> None:
    write_validated(target, validated, 3)
    (local(target.rows) / "part-left-over.parquet").write_bytes(b"half a file")
    write_validated(target, spark.createDataFrame(ROWS[:1], JUDGED), 1)
    assert [file.name for file in local(target.rows).glob("*.parquet")] == [
        json.loads(local(target.manifest).read_text())["entries"][0]["url"].rsplit("/", 1)[1]
    ]


def test_lost_rows_leave_no_manifest_not_even_the_earlier_one(target: Target, validated: DataFrame) -> None:
    write_validated(target, validated, 3)
    with pytest.raises(InvalidData, match="genre: 4 rows went in, but 2 came out, 0 were rejected and 1 merged"):
        write_validated(target, validated, 4)
    assert not local(target.manifest).exists()


def test_an_empty_table_still_has_a_file_to_load(spark: Any, target: Target) -> None:
    write_validated(target, spark.createDataFrame([], JUDGED), 0)
    (entry,) = json.loads(local(target.manifest).read_text())["entries"]
    assert entry["meta"]["record_count"] == 0


def test_a_table_of_which_nothing_is_left_is_refused(spark: Any, target: Target) -> None:
    months = Target(target.run, target.made, target.output, "cpi")
    validated = spark.createDataFrame([("x", None)], "reason string, record string").selectExpr(
        "cast(null as date) as date", "cast(null as double) as consumer_price_index", "reason", "record"
    )
    with pytest.raises(InvalidData, match="cpi: none of 1 rows can be used"):
        write_validated(months, validated, 1)


def test_a_file_is_written_whole_and_again(spark: Any, tmp_path: Path) -> None:
    uri = f"file://{tmp_path}/runs of me/run=one/step.json"
    write_bytes(uri, b"first, longer")
    write_bytes(uri, b"second")
    assert read_bytes(uri) == b"second"
    assert [file.name for file in local(uri).parent.iterdir()] == ["step.json"]


@pytest.mark.parametrize("uri", ["/tmp/x", "s3a://bucket/x", "file://host/x", ""])
def test_a_place_outside_of_a_lake_is_refused(uri: str) -> None:
    with pytest.raises(InvalidSettings, match=r"must start with s3:// or file:///"):
        require_lake(uri)
