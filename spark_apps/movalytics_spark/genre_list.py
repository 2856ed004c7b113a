"""A film's genres as movies_metadata.csv has them: a Python literal such as "[{'id': 35, 'name': 'Comedy'}]"."""

import ast
import re
import warnings
from functools import lru_cache
from typing import Final

from pyspark.sql.types import ArrayType, StructType

from movalytics_spark.literals import BLANKS, MISSING

GENRE_NAME_BYTES: Final = 100
LONGEST_LIST: Final = 10_000  # the longest seen has 264 bytes, and Python takes a thousandfold to read a literal
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")  # NUL and half a surrogate pair, which no database takes
GENRE_LIST: Final = ArrayType(StructType().add("genre_id", "integer").add("genre_name", "string"))

Genre = tuple[int | None, str | None]
UNREADABLE: Genre = (None, None)


@lru_cache(maxsize=10_000)  # 45,000 films have some 4,000 lists
def genre_list(text: str | None) -> list[Genre]:
    """The (id, name) pairs of a Python literal; it is not JSON.

    What cannot be read is a pair of nulls, so that it is counted and rejected instead of lost.
    """
    said = (text or "").strip(BLANKS)
    if said in MISSING:
        return []
    try:
        return [_genre(item) for item in _items(said)]
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return [UNREADABLE]


def _items(said: str) -> list[object]:
    if len(said) > LONGEST_LIST:
        raise ValueError("too long for a list of genres")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's advice on how such a literal should be written
        items = ast.literal_eval(said)
    if not isinstance(items, list):
        raise TypeError("not a list")
    return items


def _genre(item: object) -> Genre:
    match item:
        case {"id": int(number), "name": str(name)} if 0 <= number < 2**31 and not isinstance(number, bool):
            return (number, name.strip(BLANKS)) if _is_name(name.strip(BLANKS)) else UNREADABLE
    return UNREADABLE


def _is_name(name: str) -> bool:
    return not UNSTORABLE.search(name) and 0 < len(name.encode()) <= GENRE_NAME_BYTES
