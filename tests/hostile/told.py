"""What a parser may do with what it cannot read: nothing but tell, in a sentence; and it never executes anything."""

import codecs
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LONGEST = 2_000  # characters of a sentence


class Told:
    """Whether the block was refused, and the words."""

    sentence = ""


@contextmanager
def only(*kinds: type[Exception]) -> Iterator[Told]:
    """The block may raise these, each with a sentence; anything else is a fault."""
    told = Told()
    try:
        yield told
    except kinds as error:
        told.sentence = str(error) or f"\0{type(error).__name__} says nothing"


def is_a_sentence(text: str) -> bool:
    """Short, and nothing in it that a terminal or a log would obey: no control character, no change of direction."""
    return 0 < len(text) <= LONGEST and not [each for each in text if unicodedata.category(each) in {"Cc", "Cf", "Cs"}]


# What data must never bring about while it is read (Python's audit events).
_ACTS = ("exec", "import", "open", "os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pickle.", "marshal.")
_watching: list[list[str]] = []
_installed: list[bool] = []


def _audit(event: str, arguments: "tuple[Any, ...]") -> None:
    if _watching and event.startswith(_ACTS):
        _watching[-1].append(f"{event}{arguments!r}"[:200])


@contextmanager
def inert() -> Iterator[None]:
    """Nothing is executed, opened, imported or started in this block."""
    if not _installed:
        for codec in ("utf-8-sig", "unicode_escape"):  # which their first use imports
            codecs.lookup(codec)
        sys.addaudithook(_audit)  # which can never be taken off again
        _installed.append(True)
    _watching.append([])
    try:
        yield
    finally:
        acts = _watching.pop()
    assert acts == [], acts
