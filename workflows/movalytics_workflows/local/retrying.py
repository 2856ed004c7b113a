"""When an attempt that failed is followed by another, as Argo's controller decides it.

Its `processNodeRetries` (workflow/controller/operator.go) is what this stands for.
"""

from collections.abc import Mapping

from movalytics_workflows.local.endings import Ending
from movalytics_workflows.local.grammar import substitute
from movalytics_workflows.local.graph import Retries


def seconds_of_patience(retries: Retries | None, values: Mapping[str, str]) -> float:
    """From the first attempt's start: no attempt after the first goes on longer."""
    return float(substitute(retries.patience, values)) if retries else float("inf")


def pause_after(
    retries: Retries | None, attempt: int, elapsed: float, ending: Ending, values: Mapping[str, str]
) -> float | None:
    """Seconds until the attempt that follows this one (the first is 1), or None when none does.

    `elapsed` are the seconds since the first began. Argo asks what passes only when the pause is over; asked before it,
    as here, what fails for good fails at once.
    """
    if retries is None:
        return None
    first, longest, limit = (
        int(substitute(text, values)) for text in (retries.pause, retries.longest_pause, retries.limit)
    )
    pause = min(first * retries.factor ** (attempt - 1), longest)
    is_left = attempt <= limit and elapsed + pause <= seconds_of_patience(retries, values)
    return pause if is_left and retries.passes(_names(attempt, ending)) else None


def _names(attempt: int, ending: Ending) -> Mapping[str, str]:
    return {
        "retries": str(attempt - 1),
        "lastRetry.exitCode": ending.code,
        "lastRetry.status": ending.phase,
        "lastRetry.message": ending.message,
    }
