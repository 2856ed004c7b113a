"""By the digests that extract lists one sees what a table is made of, and that a file is an earlier one and more."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from movalytics_spark.landed import Landed, has_grown, landed, made_of

BLOCK = 8
EARLIER = b"1,2\n3,4\n5,67\n"  # a whole block and a part of one


def listed(content: bytes, block: int = BLOCK) -> Landed:
    blocks = [content[first : first + block] for first in range(0, len(content), block)]
    return Landed(
        len(content),
        hashlib.sha256(content).hexdigest(),
        tuple(hashlib.sha256(one).hexdigest() for one in blocks),
        block,
    )


@pytest.mark.parametrize(
    ("before", "now", "is_so"),
    [
        (EARLIER, EARLIER + b"8,9\n", True),
        (EARLIER, EARLIER + b"8,9\n" * 9, True),
        (EARLIER[:BLOCK], EARLIER, True),
        (EARLIER[:4], EARLIER, True),
        (EARLIER, EARLIER, False),
        (EARLIER + b"8,9\n", EARLIER, False),
        (EARLIER, b"0" + EARLIER[1:] + b"8,9\n", False),
        (EARLIER, EARLIER[:-2] + b"0\n8,9\n", False),
        (EARLIER[:-1], EARLIER[:-1] + b"8\n", False),
        (b"", EARLIER, False),
    ],
)
def test_a_file_has_grown_when_it_is_the_earlier_one_and_more_lines(
    spark: Any, tmp_path: Path, before: bytes, now: bytes, is_so: bool
) -> None:
    (tmp_path / "ratings.csv").write_bytes(now)
    assert has_grown(f"file://{tmp_path}/ratings.csv", listed(now), listed(before)) == is_so


def test_digests_of_other_blocks_say_nothing(spark: Any, tmp_path: Path) -> None:
    now = EARLIER + b"8,9\n"
    (tmp_path / "ratings.csv").write_bytes(now)
    assert not has_grown(f"file://{tmp_path}/ratings.csv", listed(now), listed(EARLIER, BLOCK * 2))


def test_what_a_table_is_made_of_is_its_files_and_the_code(spark: Any) -> None:
    files = {"a.csv": listed(b"a"), "b.csv": listed(b"b"), "c.csv": listed(b"c")}
    assert made_of(files, ["b.csv", "a.csv"], "c0de") == made_of(
        {**files, "c.csv": listed(b"d")}, ["a.csv", "b.csv"], "c0de"
    )
    others = [({**files, "a.csv": listed(b"d")}, "c0de"), (files, "beef")]
    assert all(made_of(other, ["a.csv"], code) != made_of(files, ["a.csv"], "c0de") for other, code in others)
    assert made_of(files, ["a.csv", "z.csv"], "c0de") == ""


@pytest.mark.parametrize("listing", [None, "{", "[]", '{"files": [{}]}', '{"files": 3}'])
def test_where_no_listing_tells_of_files_nothing_is_known(spark: Any, tmp_path: Path, listing: str | None) -> None:
    if listing is not None:
        (tmp_path / "_files.json").write_text(listing)
    assert landed(f"file://{tmp_path}") == {}


def test_a_listing_of_before_blocks_were_told_has_the_digests_of_whole_files(spark: Any, tmp_path: Path) -> None:
    listing = {"files": [{"name": "a.csv", "bytes": 3, "sha256": "ab"}]}
    (tmp_path / "_files.json").write_text(json.dumps(listing))
    found = landed(f"file://{tmp_path}")
    assert found == {"a.csv": Landed(3, "ab", (), 0)}
    assert not has_grown(f"file://{tmp_path}/a.csv", found["a.csv"], Landed(2, "cd", (), 0))
