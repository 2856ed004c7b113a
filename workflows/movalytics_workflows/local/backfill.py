"""`movalytics backfill`: the days that have no successful run, oldest first, one after another; then what is newest."""

from dataclasses import replace

from movalytics_workflows.local.ask import missing_day
from movalytics_workflows.local.errors import StepFailed
from movalytics_workflows.local.run import RunOptions, run
from movalytics_workflows.local.view import say


def backfill(options: RunOptions, first: str, last: str) -> None:
    """Bring the days from the first to the last, both included, and what is newest in any case.

    Asks anew before each day which is missing, so that it goes on where it was ended. Raises PipelineError; StepFailed
    with the sentence and the exit code of the first day that fails.
    """
    failed = _days(options, first, last)
    say("\nbackfill: what is newest")
    try:
        run(options)
    except StepFailed as error:
        raise failed or error from error
    if failed:
        raise failed


def _days(options: RunOptions, first: str, last: str) -> StepFailed | None:
    while True:
        day, left = missing_day(options.home, first, last)
        if not left:
            return None
        say(f"\nbackfill: {day}, {left} to go")
        try:
            run(replace(options, day=day))
        except StepFailed as error:
            return StepFailed(f"{day}: {error}", error.exit_code)
