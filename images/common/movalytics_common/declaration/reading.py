"""Reading one table.toml; what makes no sense is told with file, line and what to write instead."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from movalytics_common.declaration.kinds import KNOWN, Kind, parse_kind
from movalytics_common.declaration.model import TESTS, Column, Input, Rule, Severity, Table
from movalytics_common.errors import InvalidSettings

NAME = re.compile(r"[a-z][a-z0-9_]*")
PARENT = re.compile(r"[a-z_0-9]+\.[a-z_0-9]+")
GREATEST = 10**38  # what a NUMERIC of Redshift's holds is less
OF_BOTH = {"label", "description", "primary_key", "distkey", "sortkey", "may_be_empty", "columns"}
OF_A_TABLE = OF_BOTH | {"source", "application", "partition"}
OF_A_MART = OF_BOTH | {"reads", "incremental"}
# How much may be lost, and what the table must reach: the warehouse reads these.
JUDGED = {"few", "losses", "repairs", "history", "span", "series", "inputs"}
OF_A_COLUMN = {"type", "description", *TESTS}
SEVERITIES = ("error", "warn")


class Declared:
    """A parsed file that can say where in it something stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8")
            self.content: dict[str, Any] = tomllib.loads(self.text)
        except FileNotFoundError as error:
            raise InvalidSettings(f"{path} is not there: declare there what the table is") from error
        except (ValueError, RecursionError) as error:  # tomllib lets a ValueError through, and goes as deep as the text
            raise InvalidSettings(f"{path} is not TOML ({error}): correct it") from error

    def refuse(self, words: str, key: str, section: str = "") -> NoReturn:
        """Raises InvalidSettings: file:line: words."""
        raise InvalidSettings(f"{self.path}:{self._line(key, section)}: {words}")

    def _line(self, key: str, section: str) -> int:
        """The line of `key =` in its section; the section's, or the file's first, when it is not there."""
        lines, found, here = self.text.splitlines(), 1, ""
        for number, line in enumerate(lines, 1):
            if header := re.match(r"\s*\[([^\[\]]+)\]", line):
                here = header[1].strip()
                found = number if here in {section, key} else found
            if here == section and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return found

    def only(self, content: Mapping[str, Any], known: Iterable[str], section: str = "") -> None:
        """Raises InvalidSettings for a key that nobody reads: it would be a rule that never holds."""
        for key in content.keys() - set(known):
            where = f"[{section}]" if section else self.path.parent.name
            self.refuse(f"{where} knows no {key}: write one of {', '.join(sorted(known))}", key, section)

    def words(self, content: Mapping[str, Any], key: str, section: str = "") -> str:
        """A text that must be there."""
        if not isinstance(text := content.get(key), str) or not text.strip():
            self.refuse(f'{key} is missing: write {key} = "…", a sentence or name for people', key, section)
        return text

    def names(self, key: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of names, each of them among the known ones, if given; none when it is not given."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
            self.refuse(f'{key} is a list of names: write {key} = ["…"]', key)
        for name in found:
            if found.count(name) > 1:
                self.refuse(f"{key} names {name} twice: take one out", key)
            if known is not None and name not in known:
                self.refuse(f"{key} names {name}, which is not there: write one of {', '.join(known)}", key)
        return tuple(found)

    def section(self, key: str) -> Mapping[str, Any]:
        """What `[key.<name>]` declares, by name; nothing when it is not given."""
        found = self.content.get(key, {})
        if not isinstance(found, dict):
            self.refuse(f"{key} is no section: write [{key}.<name>] on a line of its own", key)
        return found

    def switch(self, key: str) -> bool:
        """True or false; false when it is not given."""
        found = self.content.get(key, False)
        if not isinstance(found, bool):
            self.refuse(f"{key} is true or false: write {key} = true, or leave it out", key)
        return found


def read_table(path: Path) -> Table:
    """The table that the file declares, named after its folder. Raises InvalidSettings."""
    declared = Declared(path)
    content, is_mart = declared.content, path.parent.parent.name == "marts"
    declared.only(content, OF_A_MART if is_mart else OF_A_TABLE | JUDGED)
    if not NAME.fullmatch(path.parent.name):
        words = "write small letters, digits and _"
        declared.refuse(f"the folder {path.parent.name} is no name of a table: {words}", "label")
    columns = tuple(_column(declared, name, about) for name, about in declared.section("columns").items())
    if not columns:
        declared.refuse('there are no columns: write [columns.<name>] with type = "…" and description = "…"', "columns")
    names = [column.name for column in columns]
    distkey = content.get("distkey", "")
    if distkey != "" and distkey not in names:
        declared.refuse(f"distkey names {distkey}, which is no column: write one of {', '.join(names)}", "distkey")
    return Table(
        name=path.parent.name,
        label=declared.words(content, "label"),
        description=declared.words(content, "description"),
        columns=columns,
        primary_key=declared.names("primary_key", names),
        distkey=distkey,
        sortkey=declared.names("sortkey", names),
        may_be_empty=declared.switch("may_be_empty"),
        incremental=declared.switch("incremental"),
        **({"reads": declared.names("reads")} if is_mart else _origin(declared)),
        partition=_partition(declared, columns),
    )


def _partition(declared: Declared, columns: Iterable[Column]) -> str:
    """The column by whose months the table is divided; none when it is not."""
    if (name := declared.content.get("partition", "")) == "":
        return ""
    moments = [column.name for column in columns if column.kind.name in {"date", "timestamp"} and column.is_required]
    if name not in moments:
        choice = f"write one of {', '.join(moments)}" if moments else "declare one, or take this line out"
        declared.refuse(f"partition = {name!r} is no date or timestamp with not_null = true: {choice}", "partition")
    return str(name)


def _origin(declared: Declared) -> dict[str, Any]:
    if not declared.content.get("primary_key"):
        declared.refuse('primary_key is missing: write primary_key = ["…"], whose values no two rows share', "label")
    files = {
        name: Input(*(declared.words(about, key, f"inputs.{name}") for key in ("label", "source")))
        for name, about in declared.section("inputs").items()
        if isinstance(about, dict)
    }
    return {"inputs": files} | {name: declared.words(declared.content, name) for name in ("source", "application")}


def _column(declared: Declared, name: str, about: object) -> Column:
    section = f"columns.{name}"
    if not NAME.fullmatch(name):
        declared.refuse(f"{name} is no name of a column: write small letters, digits and _", name, section)
    if not isinstance(about, dict):
        declared.refuse(f"{section} is no section: write [{section}] on a line of its own", name, "columns")
    declared.only(about, OF_A_COLUMN, section)
    kind = parse_kind(written := str(about.get("type")))
    if not kind:
        declared.refuse(f'type = "{written}" is no type of ours: write {KNOWN}', "type", section)
    rules = [_rule(declared, section, kind, test, value) for test, value in about.items() if test in TESTS]
    if kind.name in {"varchar", "numeric"}:
        rules.append(Rule(name, "fits", kind))
    return Column(name, kind, declared.words(about, "description", section), tuple(rules))


def _rule(declared: Declared, section: str, kind: Kind, test: str, value: Any) -> Rule:
    severity: Severity = "error"
    argument = value
    if isinstance(value, dict) and test != "unique":
        if test != "accepted_range" and (unknown := value.keys() - {"value", "severity"}):
            declared.refuse(f"{test} knows value and severity: take {min(unknown)} out", test, section)
        severity = value.get("severity", severity)
        argument = {key: each for key, each in value.items() if key != "severity"}
        argument = argument if test == "accepted_range" else argument.get("value", True)
    if severity not in SEVERITIES:
        declared.refuse(f'severity = "{severity}" is none: write "error" or "warn"', test, section)
    if wrong := _wrong(kind, test, argument):
        declared.refuse(f"{test} {wrong}", test, section)
    return Rule(section.removeprefix("columns."), test, argument, severity)


def _wrong(kind: Kind, test: str, argument: Any) -> str:
    """Why the test does not suit the column; empty when it does."""
    if test in {"not_null", "unique", "not_empty"} and argument is not True:
        return f"= true is all it can be: write {test} = true, or leave it out"
    if test in {"not_empty", "matches"} and kind.name != "varchar":
        return f"is for text, and this column is {kind.text}: take it out"
    if test == "matches" and not isinstance(argument, str):
        return 'needs a pattern of SIMILAR TO: write matches = "[a-z]{2}"'
    if test == "accepted_values" and not _is_list_of_values(kind, argument):
        return 'needs a list of texts or numbers, as the column holds: write accepted_values = ["a", "b"]'
    if test == "relationships" and not (isinstance(argument, str) and PARENT.fullmatch(argument)):
        return 'needs a table and its column: write relationships = "movies.movie_id"'
    return _wrong_range(kind, argument) if test == "accepted_range" else ""


def _is_list_of_values(kind: Kind, argument: Any) -> bool:
    """Of texts for text, of finite numbers for numbers; other columns have no such list."""
    if not isinstance(argument, list) or not argument:
        return False
    if kind.name == "varchar":
        return all(isinstance(one, str) for one in argument)
    return kind.is_number and all(type(one) in {int, float} and isfinite(one) for one in argument)


def _wrong_range(kind: Kind, limits: Any) -> str:
    example = "write accepted_range = { min_value = 0, max_value = 10 }, one of the two at least"
    if not kind.is_number:
        return f"is for numbers, and this column is {kind.text}: take it out"
    if not isinstance(limits, dict) or not limits.keys() & {"min_value", "max_value"}:
        return f"has no limits: {example}"
    if limits.keys() - {"min_value", "max_value", "inclusive"} or not isinstance(limits.get("inclusive", True), bool):
        return f"knows min_value, max_value, inclusive and severity: {example}"
    low, high = limits.get("min_value", -GREATEST), limits.get("max_value", GREATEST)
    if any(isinstance(limit, bool) or not isinstance(limit, int | float) for limit in (low, high)):
        return f"has limits that are no numbers in this order: {example}"
    if not -GREATEST <= low <= high <= GREATEST or (low == high and not limits.get("inclusive", True)):
        return f"has limits that are no numbers in this order: {example}"
    return ""
