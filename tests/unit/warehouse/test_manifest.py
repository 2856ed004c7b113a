"""Reading a table's manifest: the counts it promises, and the ways in which it may contradict itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from movalytics_common.errors import InvalidData, MissingInput
from movalytics_warehouse.load.manifest import read_manifest

Change = Callable[[dict[str, Any]], object]


def manifest() -> dict[str, Any]:
    meta = {"content_length": 10, "record_count": 2}
    return {
        "entries": [
            {"url": "s3://b/part-0", "mandatory": True, "meta": {"content_length": 4, "record_count": 1}},
            {"url": "s3://b/part-1", "mandatory": True, "meta": {"content_length": 6, "record_count": 1}},
        ],
        "meta": meta,
        "movalytics": {
            "made": "0123456789abcdef",
            "run": "r",
            "table": "genre",
            "rows_in": 9,
            "rows_out": 2,
            "rejected": {"a": 1, "b": 2},
            "merged": {"c": 4},
            "repaired": {"d": 2},
            "partitions": {
                "2015-03": {"rows": 1, "digest": "aa", "totals": {"genre_id": 18}, "files": ["s3://b/part-0"]},
                "2015-04": {"rows": 1, "digest": "bb", "totals": {"genre_id": 35}, "files": ["s3://b/part-1"]},
            },
            "inputs": {
                "names": {"rows_in": 3, "rows_out": 2, "rejected": {"e": 1}, "merged": {}, "repaired": {}},
            },
        },
    }


def write(place: Path, content: object) -> str:
    folder = place / "made=0123456789abcdef"
    folder.mkdir(exist_ok=True)
    (folder / "genre.manifest").write_text(json.dumps(content))
    return f"file://{folder}"


def test_a_manifest_says_what_became_of_the_rows_that_came_in(tmp_path: Path) -> None:
    read = read_manifest(write(tmp_path, manifest()), "genre").account
    assert (read.name, read.rows_in, read.rows_out) == ("genre", 9, 2)
    assert read.reasons == {"rejected": {"a": 1, "b": 2}, "merged": {"c": 4}, "repaired": {"d": 2}}


def test_a_file_that_feeds_a_join_has_an_account_of_its_own(tmp_path: Path) -> None:
    (read,) = read_manifest(write(tmp_path, manifest()), "genre").inputs
    assert (read.name, read.rows_in, read.rows_out, read.rejected) == ("names", 3, 2, {"e": 1})


def test_a_manifest_of_some_partitions_has_their_files_alone(tmp_path: Path) -> None:
    read = read_manifest(write(tmp_path, manifest()), "genre")
    assert {name: content.rows for name, content in read.contents.items()} == {"2015-03": 1, "2015-04": 1}
    assert json.loads(read.of({"2015-04"})) == {"entries": [manifest()["entries"][1]]}


def test_a_manifest_of_many_files_is_read(tmp_path: Path) -> None:
    content, months = manifest(), [f"{1990 + number // 12}-{number % 12 + 1:02}" for number in range(300)]
    content["entries"] = [
        {"url": f"s3://b/{month}", "mandatory": True, "meta": {"content_length": 4, "record_count": 1}}
        for month in months
    ]
    content["meta"] = {"content_length": 4 * len(months), "record_count": len(months)}
    content["movalytics"]["rows_out"] = len(months)
    content["movalytics"]["partitions"] = {
        month: {"rows": 1, "digest": "aa", "totals": {}, "files": [f"s3://b/{month}"]} for month in months
    }
    assert list(read_manifest(write(tmp_path, content), "genre").contents) == months


def test_a_manifest_that_is_not_there_means_an_unfinished_transform(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="transform of genre has not finished"):
        read_manifest(f"file://{tmp_path}", "genre")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m["movalytics"].update(made="other"), "belongs to genre of made=other"),
        (lambda m: m["movalytics"].update(table="movies"), "belongs to movies"),
        (lambda m: m["meta"].update(record_count=1), "differ"),
        (lambda m: m["meta"].update(record_count=3), "differ"),
        (lambda m: m["movalytics"].update(rows_out=1), "differ"),
        (lambda m: m["movalytics"].update(rows_out=3), "differ"),
        (lambda m: m["entries"][0]["meta"].update(record_count=0), "differ"),
        (lambda m: m["entries"].append(m["entries"][0]), "differ"),
        (lambda m: m["entries"].pop(), "not a manifest of ours"),
        (lambda m: m["movalytics"].pop("partitions"), "not a manifest of ours"),
        (lambda m: m["movalytics"]["partitions"]["2015-03"].update(rows=2), "differ"),
        (lambda m: m["movalytics"]["partitions"]["2015-04"].update(files=[]), "of no partition"),
        (lambda m: m["movalytics"]["partitions"]["2015-04"].update(files=["s3://b/part-0", "s3://b/part-1"]), "of two"),
        (lambda m: m["entries"][0].update(mandatory=False), "not mandatory"),
        (lambda m: m.pop("movalytics"), "not a manifest of ours"),
        (lambda m: m["movalytics"].update(rejected=[1]), "not a manifest of ours"),
        (lambda m: m["movalytics"].update(rejected={"a": float("inf")}), "not a manifest of ours"),
        (lambda m: m["movalytics"].pop("merged"), "not a manifest of ours"),
        (lambda m: m["movalytics"].pop("inputs"), "not a manifest of ours"),
        (lambda m: m["movalytics"]["inputs"]["names"].pop("rows_in"), "not a manifest of ours"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(tmp_path: Path, change: Change, words: str) -> None:
    content = manifest()
    change(content)
    with pytest.raises(InvalidData, match=words):
        read_manifest(write(tmp_path, content), "genre")


@pytest.mark.parametrize("text", ["", "<html>", "[]", "null"])
def test_a_manifest_that_is_not_our_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "genre.manifest").write_text(text)
    with pytest.raises(InvalidData, match="not a manifest of ours"):
        read_manifest(f"file://{tmp_path}", "genre")


def test_the_digest_changes_with_the_content(tmp_path: Path) -> None:
    first = read_manifest(write(tmp_path, manifest()), "genre").digest
    changed = manifest()
    changed["entries"][0]["meta"]["content_length"] = 5
    assert read_manifest(write(tmp_path, changed), "genre").digest != first
