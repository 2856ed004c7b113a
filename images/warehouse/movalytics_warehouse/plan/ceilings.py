"""What each `sql/<table>/table.toml` declares of losses: how much may be lost on the way, and what must be reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from movalytics_common.declaration import Declared, read_tables, sql_folder

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
    """`<folder>/<table>/table.toml` of every table. Raises InvalidSettings with file and line and what to write."""
    known = read_tables(folder)
    ceilings: list[Ceiling] = []
    spans: list[Span] = []
    for table in known:
        file = Declared(folder / table / "table.toml")
        ceilings += _ceilings(file, file.content, table)
        spans += _spans(file, table)
        for name, account in _section(file, file.content, "inputs").items():
            if not isinstance(account, dict) or name in known:
                file.refuse(f"inputs.{name} is no input: write [inputs.{name}.losses] for a file", name, "inputs")
            file.only(account, OF_AN_INPUT, f"inputs.{name}")
            ceilings += _ceilings(file, account, name, f"inputs.{name}.")
    return Declaration(tuple(ceilings), tuple(spans))


def _ceilings(file: Declared, content: Mapping[str, Any], account: str, place: str = "") -> list[Ceiling]:
    """`place`: of `content` in the file, which is the file itself or one of its inputs."""
    if TOTAL not in _section(file, content, "losses", place):
        words = f"write [{place}losses] with total = 0.02 or the like"
        file.refuse(f"{account} is given no total: {words}", f"{place}losses")
    few, found = _few(file, content, place), []
    for section, kind in KINDS.items():
        shares = _section(file, content, section, place)
        file.only(shares, NAMES.get(section, shares), f"{place}{section}")
        for reason, share in shares.items():
            found.append(Ceiling(account, kind, reason, _share(file, f"{place}{section}", reason, share), few))
    for reason in _section(file, content, "series", place):
        _require_check(file, f"'{reason}'", reason, "series")
    return found


def _few(file: Declared, content: Mapping[str, Any], place: str) -> int:
    few = content.get("few", 0)
    if type(few) is not int or few < 0:
        file.refuse(f"few = {few!r} is no number of rows: write a whole number, such as 3", "few", place.rstrip("."))
    return few


def _spans(file: Declared, account: str) -> list[Span]:
    span = _section(file, file.content, "span")
    if not span:
        return []
    file.only(span, {"first", "last"}, "span")
    first, last = span.get("first"), span.get("last")
    if type(first) is not date or type(last) is not date or first > last:
        file.refuse("[span] needs first and last, two days in this order, as 1999-01-01", "span")
    _require_check(file, "movies_ops.load_span", "first", "span")
    return [Span(account, first, last)]


def _require_check(file: Declared, read: str, key: str, section: str) -> None:
    """What a table must be over time is judged by a check that somebody wrote: without it the section says nothing."""
    checks = (file.path.parent / "checks" / "staged").glob("*.sql")
    if not any(read in check.read_text(encoding="utf-8") for check in checks):
        words = f"no check in checks/staged beside it reads {read}: write one, or leave it out"
        file.refuse(f"[{section}] {key} would never be looked at, as {words}", key, section)


def _section(file: Declared, content: Mapping[str, Any], name: str, place: str = "") -> Mapping[str, Any]:
    section = content.get(name, {})
    if not isinstance(section, dict):
        words = f"write [{place}{name}] on a line of its own"
        file.refuse(f"{place}{name} is a section: {words}", name, place.rstrip("."))
    return section


def _share(file: Declared, section: str, reason: str, share: object) -> float:
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        file.refuse(f"[{section}] {reason} = {share!r} is no share: write a number from 0 to 1", reason, section)
    return float(share)
