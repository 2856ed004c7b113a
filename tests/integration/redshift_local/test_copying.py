"""COPY of Parquet files by manifest, as strict as Redshift's, inside the client's transaction."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS

from tests.integration.redshift_local.conftest import ROLE, Client, WriteManifest

FILMS = "CREATE TABLE films (id INT, title VARCHAR(6))"


def films(*titles: str | None) -> pa.Table:
    """Films numbered from 1."""
    ids = pa.array(range(1, len(titles) + 1), pa.int32())
    return pa.table({"id": ids, "title": pa.array(titles, pa.string())})


def test_every_type_of_the_lake_arrives_unchanged(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    moment, before = datetime(2015, 3, 4, 5, 6, 7, 890123), datetime(1969, 12, 31)  # noqa: DTZ001
    table = pa.table(
        {
            "i": pa.array([1, None, -3], pa.int32()),
            "b": pa.array([2**40, -1, None], pa.int64()),
            "d": pa.array([0.5, None, -1e300], pa.float64()),
            "t": pa.array([True, False, None]),
            "s": pa.array(["é\t\\N\n", "", None], pa.string()),
            "day": pa.array([date(1895, 12, 28), None, date(2020, 2, 29)], pa.date32()),
            "at": pa.array([moment, before, None], pa.timestamp("us")),
            "utc": pa.array([moment, None, before], pa.timestamp("us", "UTC")),
        }
    )
    client.run(
        """CREATE TABLE t (i INT, b BIGINT, d DOUBLE PRECISION, t BOOLEAN, s VARCHAR(20), day DATE, at TIMESTAMP,
                           utc TIMESTAMP)"""
    )
    client.copy("t", write_manifest(table))
    assert client.run("SELECT * FROM t") == [
        (1, 2**40, 0.5, True, "é\t\\N\n", date(1895, 12, 28), moment, moment),
        (None, -1, None, False, "", None, before, None),
        (-3, None, -1e300, None, None, date(2020, 2, 29), None, before),
    ]


def test_rows_without_nulls_and_strings_arrive_unchanged(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    count = 300_000
    table = pa.table({"id": pa.array(range(count), pa.int64()), "rating": pa.array([3.5] * count)})
    client.run("CREATE TABLE ratings (id BIGINT, rating DOUBLE PRECISION)")
    client.copy("ratings", write_manifest(table, table.slice(0, 10)))
    assert client.run("SELECT count(*), count(DISTINCT id), sum(rating), max(id) FROM ratings") == [
        (count + 10, count, 3.5 * (count + 10), count - 1)
    ]


def test_columns_match_by_position_not_by_name(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    client.run(FILMS)
    client.copy("films", write_manifest(films("Heat").rename_columns(["title", "id"])))
    assert client.run("SELECT id, title FROM films") == [(1, "Heat")]


def test_a_column_list_names_the_targets_in_the_file_s_order(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-column-mapping.html"""
    client.run("CREATE TABLE films (title VARCHAR(6), seen INT DEFAULT 9, id INT)")
    client.copy("films (id, title)", write_manifest(films("Heat")))
    assert client.run("SELECT id, title, seen FROM films") == [(1, "Heat", 9)]


def test_the_number_of_columns_must_match(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    client.run("CREATE TABLE films (id INT, title VARCHAR(6), seen INT)")
    manifest = write_manifest(films("Heat"))
    with pytest.raises(Exception, match=r"Unmatched number of columns.*Table columns: 3, Data columns: 2"):
        client.copy("films", manifest)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("INT", pa.array([1], pa.int64())),
        ("BIGINT", pa.array([1], pa.int32())),
        ("INT", pa.array([1], pa.uint32())),
        ("INT", pa.array([1], pa.int16())),
        ("DOUBLE PRECISION", pa.array([1], pa.float32())),
        ("DOUBLE PRECISION", pa.array([1], pa.int64())),
        ("NUMERIC(2,1)", pa.array([1], pa.float64())),
        ("NUMERIC(9,2)", pa.array([1], pa.decimal128(9, 3))),
        ("NUMERIC(9,2)", pa.array([1], pa.decimal128(10, 2))),
        ("DOUBLE PRECISION", pa.array([1], pa.decimal128(9, 2))),
        ("VARCHAR(9)", pa.array([b"x"], pa.binary())),
        ("DATE", pa.array([1], pa.timestamp("us"))),
        ("DATE", pa.array([1], pa.int32())),
        ("INT", pa.array([[1]], pa.list_(pa.int32()))),
    ],
)
def test_a_file_s_physical_type_must_be_the_column_s(
    client: Client, write_manifest: WriteManifest, column: str, values: pa.Array
) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    client.run(f"CREATE TABLE t (a {column})")
    manifest = write_manifest(pa.table({"a": values}))
    with pytest.raises(Exception, match=r"incompatible Parquet schema|nested"):
        client.copy("t", manifest)
    assert client.value("count(*) FROM t") == 0


def test_timestamps_are_taken_as_milliseconds_and_int96_too(client: Client, tmp_path: Path) -> None:
    """https://github.com/dask/fastparquet/issues/432: Spark's and Impala's old form"""
    moment = datetime(2021, 5, 6, 7, 8, 9, 10_000)  # noqa: DTZ001
    client.run("CREATE TABLE t (a TIMESTAMP)")
    for number, (unit, is_old) in enumerate([("ms", False), ("us", True)]):
        path = tmp_path / f"{number}.parquet"
        table = pa.table({"a": pa.array([moment, None], pa.timestamp(unit))})
        pq.write_table(table, path, use_deprecated_int96_timestamps=is_old)
        manifest = tmp_path / f"{number}.manifest"
        entry = {"url": f"file://{path}", "mandatory": True, "meta": {"content_length": path.stat().st_size}}
        manifest.write_text(json.dumps({"entries": [entry]}))
        client.copy("t", f"file://{manifest}")
    assert client.run("SELECT a FROM t WHERE a IS NOT NULL") == [(moment,), (moment,)]
    assert client.value("count(*) FROM t") == 4


def test_nanoseconds_are_refused_in_the_stand_in_s_name(client: Client, write_manifest: WriteManifest) -> None:
    """https://github.com/apache/arrow/issues/38000: Redshift loads them as other times"""
    client.run("CREATE TABLE t (a TIMESTAMP)")
    with pytest.raises(Exception, match=r"stand-in.*nanoseconds"):
        client.copy("t", write_manifest(pa.table({"a": pa.array([1], pa.timestamp("ns"))})))


@pytest.mark.parametrize(
    ("precision", "scale", "values"),
    [
        (9, 2, ["0.00", "1.50", "-9999999.99", None, "9999999.99", "0.01"]),
        (18, 0, ["123456789012345678", "-1", None]),
        (18, 18, ["0.123456789012345678", "-0.000000000000000001"]),
        (5, 3, ["12.345", "-0.001", "99.999", "10.000"]),
        (38, 10, ["1234567890123456789012345678.0123456789", "-1.0000000001", "0", None]),
        (38, 0, ["99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "10000"]),
        (38, 37, ["-9.9999999999999999999999999999999999999", "0.0000000000000000000000000000000000001"]),
        (15, 4, ["12345678901.2345", "-0.5000"]),
    ],
)
@pytest.mark.parametrize("with_others", [False, True])
def test_decimals_of_the_column_s_very_size_are_loaded(
    client: Client, write_manifest: WriteManifest, precision: int, scale: int, values: list[str], with_others: bool
) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_TABLE.html"""
    decimals = [value and Decimal(value) for value in values]
    columns = {"n": pa.array(decimals, pa.decimal128(precision, scale)), "i": pa.array(range(len(values)), pa.int32())}
    strings = {"s": pa.array(values, pa.string())} if with_others else {}
    client.run(f"CREATE TABLE t (n NUMERIC({precision},{scale}), i INT{', s VARCHAR(50)' if with_others else ''})")
    client.copy("t", write_manifest(pa.table(columns | strings), pa.table(columns | strings).slice(1)))
    expected = sorted([*enumerate(decimals), *list(enumerate(decimals))[1:]], key=lambda pair: pair[0])
    assert client.run("SELECT i, n FROM t ORDER BY i") == expected


def test_dictionary_encoding_does_not_matter(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    client.run(FILMS)
    table = films("Heat", "Heat", None)
    client.copy("films", write_manifest(table.set_column(1, "title", table["title"].dictionary_encode())))
    assert client.run("SELECT title FROM films ORDER BY id") == [("Heat",), ("Heat",), (None,)]


def test_strings_are_measured_in_bytes(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html"""
    client.run(FILMS)
    client.copy("films", write_manifest(films("ééé")))
    manifest = write_manifest(films("fits", "éééa"))
    with pytest.raises(Exception, match=r"title is longer than the length defined in the table. Table: 6, Data: 7"):
        client.copy("films", manifest)
    assert client.value("count(*) FROM films") == 1


def test_null_does_not_enter_a_not_null_column(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html"""
    client.run("CREATE TABLE films (id INT, title VARCHAR(6) NOT NULL)")
    manifest = write_manifest(films("Heat", None))
    with pytest.raises(Exception, match="not-null field: column title"):
        client.copy("films", manifest)


def test_an_identity_column_is_not_loaded(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html#copy-explicit-ids"""
    client.run("CREATE TABLE films (id INT IDENTITY(0, 1), title VARCHAR(6))")
    manifest = write_manifest(films("Heat"))
    with pytest.raises(Exception, match="IDENTITY"):
        client.copy("films", manifest)


def test_a_load_belongs_to_the_client_s_transaction(transaction: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-multiple-files.html"""
    transaction.run(FILMS)
    transaction.connection.commit()
    transaction.run("INSERT INTO films VALUES (9, 'Alien')")
    transaction.copy("films", write_manifest(films("Heat", "Big")))
    assert transaction.connection.info.transaction_status == TRANSACTION_STATUS_INTRANS
    assert transaction.value("count(*) FROM films") == 3
    transaction.connection.rollback()
    assert transaction.value("count(*) FROM films") == 0


def test_a_failed_load_aborts_the_transaction(transaction: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html"""
    transaction.run(FILMS)
    manifest = write_manifest(films("Heat"), films("far too long"))
    with pytest.raises(Exception, match="longer than the length"):
        transaction.copy("films", manifest)
    assert transaction.connection.info.transaction_status == TRANSACTION_STATUS_INERROR
    assert transaction.refusal("SELECT 1").pgcode == "25P02"


def test_a_file_listed_twice_loads_twice(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html"""
    client.run(FILMS)
    manifest = Path(write_manifest(films("Heat")).removeprefix("file://"))
    entries = json.loads(manifest.read_text())["entries"]
    manifest.write_text(json.dumps({"entries": entries * 2}))
    client.copy("films", f"file://{manifest}")
    assert client.value("count(*) FROM films") == 2


def test_a_missing_mandatory_file_is_an_error_and_another_is_skipped(
    client: Client, write_manifest: WriteManifest
) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html"""
    client.run(FILMS)
    manifest = Path(write_manifest(films("Heat"), films("Big")).removeprefix("file://"))
    (manifest.parent / "part-00001.parquet").unlink()
    with pytest.raises(Exception, match=r"mandatory file .*part-00001"):
        client.copy("films", f"file://{manifest}")
    document = json.loads(manifest.read_text())
    document["entries"][1]["mandatory"] = False
    manifest.write_text(json.dumps(document))
    client.copy("films", f"file://{manifest}")
    assert client.run("SELECT title FROM films") == [("Heat",)]


@pytest.mark.parametrize("meta", [{}, {"content_length": 1}, {"content_length": "all"}])
def test_content_length_is_required_and_must_be_right(
    client: Client, write_manifest: WriteManifest, meta: dict[str, object]
) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html"""
    client.run(FILMS)
    manifest = write_manifest(films("Heat"), meta=meta)
    with pytest.raises(Exception, match="content_length"):
        client.copy("films", manifest)


@pytest.mark.parametrize("text", ["{", "[]", '{"entries": []}', '{"entries": [{"mandatory": true}]}'])
def test_a_malformed_manifest_is_refused(client: Client, tmp_path: Path, text: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html"""
    client.run(FILMS)
    (tmp_path / "bad.manifest").write_text(text)
    with pytest.raises(Exception, match=r"[Mm]anifest"):
        client.copy("films", f"file://{tmp_path}/bad.manifest")


def test_the_manifest_is_named_exactly(client: Client, tmp_path: Path) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html"""
    client.run(FILMS)
    with pytest.raises(Exception, match="does not exist"):
        client.copy("films", f"file://{tmp_path}/")


def test_a_file_that_is_no_parquet_is_refused(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    client.run(FILMS)
    manifest = write_manifest(films("Heat"))
    part = Path(manifest.removeprefix("file://")).with_name("part-00000.parquet")
    part.write_bytes(b"x" * part.stat().st_size)
    with pytest.raises(Exception, match="not a valid Parquet"):
        client.copy("films", manifest)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("FORMAT AS PARQUET MANIFEST MAXERROR 5", "MAXERROR is not supported for columnar"),
        ("FORMAT AS PARQUET MANIFEST REGION 'us-east-1'", "REGION is not supported for columnar"),
        ("FORMAT AS PARQUET MANIFEST COMPUPDATE OFF", "COMPUPDATE is not supported for columnar"),
        ("FORMAT AS PARQUET MANIFEST GZIP", "GZIP is not supported for columnar"),
        ("FORMAT AS PARQUET", "without FORMAT AS PARQUET MANIFEST"),
        ("CSV MANIFEST", "without FORMAT AS PARQUET MANIFEST"),
        ("FORMAT AS PARQUET MANIFEST FILLRECORD", "stand-in"),
        ("FORMAT AS PARQUET MANIFEST MANIFEST", "redundant"),
        ("FORMAT AS PARQUET MANIFEST NONSENSE", "syntax error"),
    ],
)
def test_other_options_of_copy_are_refused(client: Client, options: str, words: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html"""
    client.run(FILMS)
    assert words in str(client.refusal(f"COPY films FROM 's3://b/t.manifest' IAM_ROLE '{ROLE}' {options}"))


def test_copy_needs_an_authorization(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html"""
    client.run(FILMS)
    assert "IAM_ROLE" in str(client.refusal("COPY films FROM 's3://b/t.manifest' FORMAT AS PARQUET MANIFEST"))
    statement = "COPY films FROM 's3://b/t.manifest' IAM_ROLE 'me' FORMAT AS PARQUET MANIFEST"
    assert "IAM role" in str(client.refusal(statement))


def test_copy_into_a_table_that_is_not_there(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html"""
    manifest = write_manifest(films("Heat"))
    with pytest.raises(Exception, match="Cannot COPY into nonexistent table nowhere"):
        client.copy("nowhere", manifest)


def test_the_last_copy_s_rows_are_counted(client: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/PG_LAST_COPY_COUNT.html"""
    client.run(FILMS)
    client.copy("films", write_manifest(films("Heat", "Big")))
    assert client.value("pg_last_copy_count()") == 2
    assert client.cursor.description[0].name == "pg_last_copy_count"
    assert "2 record(s) loaded successfully" in client.connection.notices[-1]


def test_load_errors_can_be_read_after_the_rollback(transaction: Client, write_manifest: WriteManifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html, SYS_LOAD_ERROR_DETAIL.html"""
    transaction.run("CREATE TABLE very_own (id INT, title VARCHAR(2))")
    transaction.connection.commit()
    manifest = write_manifest(films("Heat"))
    with pytest.raises(Exception, match="SYS_LOAD_ERROR_DETAIL"):
        transaction.copy("very_own", manifest)
    transaction.connection.rollback()
    query = "SELECT trim(colname), trim(filename) LIKE '%%part-00000.parquet' FROM stl_load_errors ORDER BY starttime"
    assert transaction.run(query, ())[-1] == ("title", True)
    query = "SELECT column_name, error_message FROM sys_load_error_detail WHERE table_name = 'very_own'"
    assert "Table: 2, Data: 4" in transaction.run(query)[0][1]


def test_copy_in_a_string_of_statements_is_part_of_their_transaction(
    client: Client, write_manifest: WriteManifest
) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html"""
    client.run(FILMS)
    manifest = write_manifest(films("Heat"))
    load = f"COPY films FROM '{manifest}' IAM_ROLE default FORMAT PARQUET MANIFEST"
    client.refusal(f"DELETE FROM films; {load}; INSERT INTO films VALUES (1, 'far too long')")
    assert client.value("count(*) FROM films") == 0
    client.run(f"BEGIN; {load}; COMMIT")
    assert client.value("count(*) FROM films") == 1
