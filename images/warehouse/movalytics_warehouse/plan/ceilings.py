"""What each `sql/<table>/table.toml` declares of losses: how much may be lost on the way, and what must be reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from movalytics_common.declaration import Declared, read_tables, sql_folder
from movalytics_common.errors import InvalidSettings

TOTAL = "total"
# section of the file → kind in movies_ops.load_ceiling, and the only names the section may hold where they are fixed
KINDS = {"losses": "rejected", "repairs": "repaired", "history": "history", "series": "series"}
NAMES = {"history": {"drift", "shrink", "changed"}, "series": {"missing_month", "monthly_change"}}
OF_AN_INPUT = {"label", "source", "few", "losses", "repairs", "history"}


@dataclass(frozen=True)
class Ceiling:
    """The greatest share of an account's rows (0 to 1) that a reason may take, though `few` rows are never too many.

    `allowed`: raised for one run, by name.
    """

    account: str
    kind: str
    reason: str
    share: float
    few: int = 0
    allowed: bool = False

    @property
    def name(self) -> str:
        """How a person names it."""
        return f"{self.account}.{self.reason}"


@dataclass(frozen=True)
class Span:
    """The days that a table must reach from and to."""

    account: str
    first: date
    last: date


@dataclass(frozen=True)
class Declaration:
    """All that the files declare."""

    ceilings: tuple[Ceiling, ...]
    spans: tuple[Span, ...]


@cache
def declared() -> Declaration:
    """What our own tables declare."""
    return read_declaration(sql_folder())


def read_declaration(folder: Path) -> Declaration:
    """`<folder>/<table>/table.toml` of every table. Raises InvalidSettings that says what to write instead."""
    known = read_tables(folder)
    ceilings: list[Ceiling] = []
    spans: list[Span] = []
    for table in known:
        path = folder / table / "table.toml"
        content = Declared(path).content
        ceilings += _ceilings(path, content, table)
        spans += _spans(path, content, table)
        for name, account in _section(path, content, "inputs").items():
            if not isinstance(account, dict) or name in known:
                raise InvalidSettings(f"{path}: inputs.{name} is no input: write [inputs.{name}.losses] for a file")
            _only(path, account, OF_AN_INPUT, name)
            ceilings += _ceilings(path, account, name)
    return Declaration(tuple(ceilings), tuple(spans))


def _ceilings(path: Path, content: Mapping[str, Any], account: str) -> list[Ceiling]:
    if TOTAL not in _section(path, content, "losses"):
        raise InvalidSettings(f"{path} gives {account} no total: write [losses] with total = 0.02 or the like")
    few, found = _few(path, content), []
    for section, kind in KINDS.items():
        for reason, share in _section(path, content, section).items():
            _only(path, {reason: share}, NAMES.get(section, {reason}), f"[{section}]")
            found.append(Ceiling(account, kind, reason, _share(path, section, reason, share), few))
    return found


def _few(path: Path, content: Mapping[str, Any]) -> int:
    few = content.get("few", 0)
    if type(few) is not int or few < 0:
        raise InvalidSettings(f"{path}: few = {few!r} is no number of rows: write a whole number, such as 3")
    return few


def _spans(path: Path, content: Mapping[str, Any], account: str) -> list[Span]:
    span = _section(path, content, "span")
    if not span:
        return []
    _only(path, span, {"first", "last"}, "[span]")
    first, last = span.get("first"), span.get("last")
    if type(first) is not date or type(last) is not date or first > last:
        raise InvalidSettings(f"{path}: [span] needs first and last, two days in this order, as 1999-01-01")
    return [Span(account, first, last)]


def _section(path: Path, content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = content.get(name, {})
    if not isinstance(section, dict):
        raise InvalidSettings(f"{path}: {name} is a section: write [{name}] on a line of its own")
    return section


def _only(path: Path, content: Mapping[str, Any], known: set[str], place: str) -> None:
    if strange := sorted(content.keys() - known):
        raise InvalidSettings(f"{path}: {place} knows no {', '.join(strange)}: write one of {', '.join(sorted(known))}")


def _share(path: Path, section: str, reason: str, share: object) -> float:
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise InvalidSettings(f"{path}: [{section}] {reason} = {share!r} is no share: write a number from 0 to 1")
    return float(share)
