"""What is made of what: raw file → application → table → mart → answer, as nodes and edges."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from movalytics_common.declaration import Table, marts, sql_folder, tables

KINDS = ("raw file", "application", "table", "mart", "answer")
VIEW = re.compile(r"create(?: or replace)? view movies\.(\w+)")
READ = re.compile(r"(?:from|join) movies\.(\w+)")


@dataclass(frozen=True)
class Answer:
    """A view of schema movies: its sentence, and the tables, marts and views it reads."""

    name: str
    description: str
    reads: tuple[str, ...]


@cache
def answers() -> Mapping[str, Answer]:
    """The views of sql/answers, as the last migration that makes each has it."""
    paths = sorted((sql_folder() / "answers" / "ddl").glob("*.sql"))
    return {answer.name: answer for answer in map(_answer, paths) if answer}


def _answer(path: Path) -> Answer | None:
    lines = path.read_text().splitlines()
    sentence = " ".join(line.removeprefix("--").strip() for line in lines if line.startswith("--"))
    text = "\n".join(line for line in lines if not line.startswith("--"))
    found = VIEW.search(text)
    return Answer(found[1], sentence, tuple(dict.fromkeys(READ.findall(text)))) if found else None


def nodes() -> Mapping[str, str]:
    """Name → kind, in the order in which data flow."""
    files = dict.fromkeys((file for table in tables().values() for file in _files(table)), KINDS[0])
    applications = dict.fromkeys((table.application for table in tables().values()), KINDS[1])
    return {
        **files,
        **applications,
        **dict.fromkeys(tables(), KINDS[2]),
        **dict.fromkeys(marts(), KINDS[3]),
        **dict.fromkeys(answers(), KINDS[4]),
    }


def edges() -> list[tuple[str, str]]:
    """(from, to), each once."""
    found = [(file, table.application) for table in tables().values() for file in _files(table)]
    found += [(table.application, table.name) for table in tables().values()]
    found += [(read, mart.name) for mart in marts().values() for read in mart.reads]
    found += [(read, answer.name) for answer in answers().values() for read in answer.reads]
    return list(dict.fromkeys(edge for edge in found if edge[0] in nodes()))


def _files(table: Table) -> list[str]:
    return [table.source, *(one.source for one in table.inputs.values())]
