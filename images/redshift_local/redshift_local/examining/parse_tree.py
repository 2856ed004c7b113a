"""PostgreSQL's parse trees as it writes them to its log: read into dictionaries and lists."""

import re
import sys
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]  # a node's fields by name, and its kind under "kind"
sys.setrecursionlimit(20_000)  # a long `a || b || …` is a deep tree
_WORD = re.compile(r"[{}()]|\[[^\]]*\]|(?:\\.|[^\s(){}\\])+", re.DOTALL)


def read(text: str) -> Node:
    """The tree whose text this is."""
    words = iter(_WORD.findall(text))
    next(words)
    return _node(words)


def _node(words: Iterator[str]) -> Node:
    node: Node = {"kind": next(words)}
    field = ""
    values: list[Any] = []
    for word in words:
        if word == "}" or word.startswith(":"):
            node[field] = values[0] if len(values) == 1 else values
            field, values = word[1:], []
            if word == "}":
                return node
        else:
            values.append(_value(word, words))
    return node


def _value(word: str, words: Iterator[str]) -> Any:
    if word == "{":
        return _node(words)
    if word == "(":
        return _list(words)
    if word == "<>":
        return None
    return (re.sub(r"\\(.)", r"\1", word) if "\\" in word else word).strip('"')


def _list(words: Iterator[str]) -> list[Any]:
    values = []
    for word in words:
        if word == ")":
            break
        values.append(_value(word, words))
    return values


def walk(value: Any) -> Iterator[Node]:
    """All nodes in it, outer ones first."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting += reversed(current.values())
        elif isinstance(current, list):
            waiting += reversed(current)


def constant(node: Node) -> int:
    """The value of a Const of four bytes."""
    values: list[str] = node["constvalue"]
    signed = [int(byte) % 256 for byte in values[1].strip("[ ]").split()]
    return int.from_bytes(bytes(signed[:4]), "little", signed=True)
