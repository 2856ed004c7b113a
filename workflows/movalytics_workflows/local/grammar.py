"""The small part of Argo's expressions that the DAG uses: tags in braces, `depends` and `when`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from movalytics_workflows.local.errors import Unsupported

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_PLAIN_TAG = re.compile(r"[A-Za-z][A-Za-z0-9.-]*")
_DEPENDS_TERM = re.compile(rf"({_NAME})(?:\.(Succeeded|Failed|Errored|Skipped|Omitted))?")
_SIDE = r"('\{\{[^{}]*\}\}'|'[^']*'|\{\{[^{}]*\}\}|\S+)"
_OUTPUT = re.compile(rf"\{{\{{\s*tasks\.({_NAME})\.outputs\.")
_WHEN = re.compile(rf"{_SIDE} (==|!=) {_SIDE}")
# A task named without a state must have ended well or been skipped: Argo's own rule (docs/enhanced-depends-logic.md).
_WELL = frozenset({"Succeeded", "Skipped"})


@dataclass(frozen=True)
class Requirement:
    """One term of `depends`: a task and the states in which it lets others go on."""

    task: str
    states: frozenset[str]


def tags(text: str) -> list[str]:
    """The names between braces, in order. Raises Unsupported for anything but a plain name."""
    found = [tag.strip() for tag in _TAG.findall(text)]
    for tag in found:
        if not _PLAIN_TAG.fullmatch(tag):
            raise Unsupported(f"the local runner does not know the expression {{{{{tag}}}}}: it replaces names only")
    return found


def substitute(text: str, values: Mapping[str, str]) -> str:
    """The text with every `{{name}}` replaced. Raises Unsupported for a name without a value."""
    for tag in tags(text):
        if tag not in values:
            raise Unsupported(f"the local runner has no value for {{{{{tag}}}}} here")
    return _TAG.sub(lambda match: values[match[1].strip()], text)


def parse_depends(text: str) -> tuple[Requirement, ...]:
    """`a.Succeeded && b` as requirements that must all hold. Raises Unsupported for `||`, `!` and parentheses."""
    if not text.strip():
        return ()
    return tuple(_requirement(term.strip(), text) for term in text.split("&&"))


def _requirement(term: str, text: str) -> Requirement:
    match = _DEPENDS_TERM.fullmatch(term)
    if match is None:
        raise Unsupported(
            f"the local runner does not know depends: {text!r}; it knows TASK and TASK.State joined by &&"
        )
    state = {"Errored": "Error"}.get(match[2] or "", match[2])
    return Requirement(match[1], frozenset({state}) if state else _WELL)


def parse_when(text: str) -> tuple[str, str, str]:
    """The condition's left side, `==` or `!=`, and right side. Raises Unsupported for any other form."""
    match = _WHEN.fullmatch(text.strip())
    if match is None:
        raise Unsupported(f"the local runner does not know when: {text!r}; it knows LEFT == RIGHT and LEFT != RIGHT")
    return match[1].strip("'"), match[2], match[3].strip("'")


def holds(text: str, values: Mapping[str, str]) -> bool:
    """Whether the condition holds with these values."""
    left, operator, right = parse_when(text)
    return (substitute(left, values) == substitute(right, values)) is (operator == "==")


def said(text: str, values: Mapping[str, str]) -> str:
    """Who says what on the condition's left side: why it does not hold."""
    left = parse_when(text)[0]
    said_by = _OUTPUT.match(left)
    return f"{said_by[1]} says {substitute(left, values)}" if said_by else substitute(left, values)


def unknown(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those of the names that are not known, sorted."""
    return sorted(set(names) - set(known))
