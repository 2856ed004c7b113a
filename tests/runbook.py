"""The commands of helm/RUNBOOK.md, from its blocks and from between backticks."""

import re
import shlex
from pathlib import Path

RUNBOOK = (Path(__file__).parents[1] / "helm" / "RUNBOOK.md").read_text()
_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


def quoted() -> list[str]:
    """What stands between backticks, outside of blocks."""
    return _INLINE.findall(re.sub(r"```.*?```", "", RUNBOOK, flags=re.DOTALL))


def commands(tool: str) -> list[list[str]]:
    """The words of each command that this tool is given, without the tool."""
    lines = [line for block in _BLOCK.findall(RUNBOOK) for line in block.replace("\\\n", " ").splitlines()]
    pieces = [piece.strip() for line in [*lines, *quoted()] for piece in re.split(r"\$\(|;|\|", line)]
    found = [shlex.split(piece.removesuffix(")"), comments=True) for piece in pieces if piece.startswith(f"{tool} ")]
    return [words[len(tool.split()) :] for words in found]
