"""table.toml: a declaration is read, or refused with its file and line."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from movalytics_common.declaration import read_marts, read_tables
from movalytics_common.errors import InvalidSettings

from tests.hostile.material import DEEP, HUGE, Octets, damaged, hostile, octets, values
from tests.hostile.told import is_a_sentence, only

TABLE = {
    "label": "Studios",
    "description": "A studio.",
    "source": "studios.csv",
    "application": "transform-catalogue",
    "primary_key": ["studio_id"],
    "sortkey": ["studio_id"],
    "distkey": "studio_id",
    "partition": "founded",
    "may_be_empty": True,
    "few": 3,
    "losses": {"total": 0.02, "malformed": 0.01},
    "span": {"first": 1, "last": 2},
    "inputs": {"links": {"label": "Links", "source": "links.csv", "losses": {"total": 0.1}}},
    "columns": {
        "studio_id": {"type": "integer", "description": "Its number.", "not_null": True, "unique": True},
        "founded": {"type": "date", "description": "When.", "not_null": True},
        "name": {"type": "varchar(40)", "description": "Its name.", "not_empty": {"severity": "warn"}, "matches": "A%"},
        "kind": {"type": "varchar(9)", "description": "Which.", "accepted_values": ["a", "b"]},
        "films": {"type": "integer", "description": "How many.", "accepted_range": {"min_value": 0, "max_value": 9}},
        "parent": {"type": "integer", "description": "Whose.", "relationships": "studio.studio_id"},
    },
}
MART = {key: TABLE[key] for key in ("label", "description", "columns", "sortkey", "may_be_empty")} | {
    "reads": ["studio"]
}


def toml(value: Any) -> str:
    """A document as TOML writes it; what TOML has not (null, keys in text that is none) as text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, bool | int):
        return str(value).lower()
    return str(value) if isinstance(value, float) else json.dumps(str(value))


def _key(key: object) -> str:
    return json.dumps(str(key))


def document(about: Any) -> str:
    """The document's keys on lines of their own."""
    return (
        "\n".join(f"{_key(key)} = {toml(one)}" for key, one in about.items())
        if isinstance(about, dict)
        else toml(about)
    )


declared = damaged(TABLE).map(lambda found: document(found).encode(errors="replace"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of declarations, of one table and one mart."""
    folder = tmp_path_factory.mktemp("sql")
    (folder / "studio").mkdir()
    (folder / "marts" / "films_by_studio").mkdir(parents=True)
    (folder / "marts" / "films_by_studio" / "publish.sql").write_text("select 1")
    return folder


@hostile
@given(content=declared | octets())
@example(content=Octets(b"a = " + b"[" * DEEP))
@example(content=Octets(b"a = " + b"{a=" * DEEP))
@example(content=Octets(b"a." * 2_000 + b"a = 1"))
@example(content=Octets(b"a = " + b"9" * 5_000))
@example(content=Octets(b"label = '" + HUGE.encode() + b"'"))
@example(content=document(TABLE).replace("varchar(40)", f"varchar({'9' * 5_000})").encode())
def test_a_table_is_declared_or_refused(folder: Path, content: bytes) -> None:
    (folder / "studio" / "table.toml").write_bytes(content)
    with only(InvalidSettings) as told:
        assert read_tables(folder)["studio"].columns
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(content=damaged(MART).map(lambda found: document(found).encode(errors="replace")))
def test_a_mart_is_declared_or_refused(folder: Path, content: bytes) -> None:
    (folder / "studio" / "table.toml").write_text(document({**TABLE, "partition": ""}))
    (folder / "marts" / "films_by_studio" / "table.toml").write_bytes(content)
    with only(InvalidSettings) as told:
        assert read_marts(folder, read_tables(folder))["films_by_studio"].is_mart
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(value=values, key=st.sampled_from([*TABLE, *TABLE["columns"]["films"]]))  # type: ignore[misc, index]
def test_a_key_of_another_kind_is_refused(folder: Path, value: object, key: str) -> None:
    changed = {**TABLE, key: value, "columns": {"films": {**TABLE["columns"]["films"], key: value}}}  # type: ignore[index]
    (folder / "studio" / "table.toml").write_bytes(document(changed).encode(errors="replace"))
    with only(InvalidSettings):
        read_tables(folder)
