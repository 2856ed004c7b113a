"""What hostile data is made of: texts, JSON, and valid documents in which one place is hostile."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# `make hostile` runs each test again and again until its minutes are over (conftest.py).
hostile = settings(
    max_examples=50,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)

QUOTES = ['"', "'", '""', "''", "`", "\\", '\\"', "$$", "$x$", "/*", "--", "{{", "}}", "(", ")", "[", "]", "{", "}"]
ENDS = [
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\t",
    "\x1a",
    "\v",
    "\f",
    "\x85",
    "\u2028",
    " ",
    "\u00a0",
    "\ufeff",
    ",",
    ";",
    "=",
    "/",
]
# Half a surrogate pair, controls of writing direction, a terminal's escape sequence, letters of one to four bytes.
LETTERS = [
    "\ud800",
    "\udfff",
    "\udc80",
    "\u202e",
    "\u2066",
    "\u200b",
    "\x1b[2J",
    "\x7f",
    "é",
    "映",
    "\U0001f3ac",
    "a\u0301",
]
NUMBERS = [
    *(
        "0",
        "-0",
        "1",
        "-1",
        "1.5",
        ".5",
        "5.",
        "1e999",
        "-1e999",
        "1e-999",
        "NaN",
        "Infinity",
        "-inf",
        "nan",
        "٣",
        "1_000",
    ),
    *("2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "0x10", "1,234", "9" * 5_000),
]
DATES = [
    *("0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "2017-02-30", "2017-13-01"),
    *("2017-06-01", "2017-06-01T24:00:00", "2017-W22-1", "20170601", "1582-10-10"),
]
CODE = [
    *(
        "__import__('os').system('true')",
        "open('hostile','w')",
        "().__class__.__mro__[1].__subclasses__()",
        "eval('1')",
    ),
    *("exec('import os')", "lambda: 0", "[x for x in (1,)]", "f'{1}'", "10**10**10", "'a'*10**10", "{1}.add(2)"),
    *("${jndi:ldap://x}", "{{7*7}}", "'; drop table movies; --", "!!python/object/apply:os.system ['true']", "$(true)"),
]


class Text(str):
    """A text so long that an error had better not show it."""

    def __repr__(self) -> str:
        return f"{str(self[:20])!r}… ({len(self)} characters)"


class Octets(bytes):
    """Bytes, the same."""

    def __repr__(self) -> str:
        return f"{bytes(self[:20])!r}… ({len(self)} bytes)"


HUGE = Text("x" * 10_000_000)
DEEP = 100_000  # brackets

words = st.sampled_from([*QUOTES, *ENDS, *LETTERS, *NUMBERS, *DATES, *CODE, "a", "id", "name", "None", "null", "True"])


def texts(most: int = 12) -> st.SearchStrategy[str]:
    """Words of this kind and any letters, one after the other."""
    return st.lists(words | st.text(max_size=4), max_size=most).map("".join)


def encodable(most: int = 12) -> st.SearchStrategy[str]:
    """Texts that UTF-8 can hold."""
    return texts(most).map(lambda text: text.encode(errors="replace").decode())


def octets(most: int = 12) -> st.SearchStrategy[bytes]:
    """Texts in UTF-8 (halves of pairs too), and bytes that are none."""
    parts = words.map(lambda word: word.encode(errors="surrogatepass")) | st.binary(max_size=4)
    return st.lists(parts, max_size=most).map(b"".join)


# Python writes and reads these numbers as JSON, though JSON has none of them.
_leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | texts(4)
    | st.sampled_from([10**400, -1, 2**63, float("inf")])
)
values: st.SearchStrategy[Any] = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(2), inner, max_size=3), max_leaves=6
)


@st.composite
def damaged(draw: st.DrawFn, document: Any) -> Any:
    """The document with up to three places replaced or taken out."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(document))
        if not places:
            return draw(values)
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()) or isinstance(holder, list):
            holder[key] = draw(values)
        else:
            del holder[key]
    return document


def _places(document: Any) -> "list[tuple[Any, Any]]":
    keys = document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    own = [(document, key) for key in keys]
    return [*own, *(place for _, key in own for place in _places(document[key]))]


def answers(document: Any) -> st.SearchStrategy[bytes]:
    """What a server or a file may hold in place of this document: it, damaged, no JSON, or endless."""
    whole = damaged(document).map(lambda found: json.dumps(found).encode())
    nested = st.sampled_from([Octets(b"[" * DEEP), Octets(b'{"a":' * DEEP), Octets(b"[" * DEEP + b"]" * DEEP)])
    cut = st.tuples(whole, st.integers(0, 400)).map(lambda pair: pair[0][: pair[1]])
    return whole | whole | whole | cut | octets() | nested
