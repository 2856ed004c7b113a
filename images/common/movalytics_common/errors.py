"""The pipeline's errors: each type is a decision, its exit code tells the orchestrator which one.

Codes below 79 keep their meaning from sysexits.h; those above are ours.
"""

import unicodedata
from typing import Final

LONGEST: Final = 2_000  # characters of a sentence: what it quotes may be anything
_OBEYED: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # what a terminal or a log would obey, and halves of letters


def sentence(text: str) -> str:
    """The text as it may be shown: on one line, without control characters or changes of direction, and not endless."""
    shown = "".join(_escaped(each) if unicodedata.category(each) in _OBEYED else each for each in text[: LONGEST + 1])
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


class PipelineError(Exception):
    """What is wrong, where, and what to do about it, in one sentence for a person."""

    exit_code = 1

    def __str__(self) -> str:
        """The sentence; of what it quotes nothing can forge a line of a log or command a terminal."""
        return sentence(super().__str__())


class InvalidData(PipelineError):
    """The input is there and readable but is not what it should be. Stop: another try reads the same."""

    exit_code = 65


class MissingInput(PipelineError):
    """A file, archive, member or run that was named is not there. Stop."""

    exit_code = 66


class Unavailable(PipelineError):
    """An outside system did not answer, or not yet. Another try may succeed."""

    exit_code = 75


class StorageFailed(PipelineError):
    """Writing failed: disk full, read-only, bucket gone."""

    exit_code = 74


class AccessDenied(PipelineError):
    """Credentials are missing or were refused."""

    exit_code = 77


class InvalidSettings(PipelineError):
    """A setting or argument does not make sense."""

    exit_code = 78


class ChecksFailed(PipelineError):
    """At least one check of severity error found offending rows, or could not run."""

    exit_code = 80


class PublishRefused(PipelineError):
    """The ledger forbids this publication: an older run, another under the same name, or one without a verdict."""

    exit_code = 81


class DeadlineMissed(PipelineError):
    """The day has no successful run and should have one by now. Somebody must look."""

    exit_code = 83
