"""What a run prints where no terminal is: a line for each step that ended, and one for each wait."""

from collections.abc import Callable

from movalytics_workflows.local.states import OMITTED, SKIPPED, SUCCEEDED, TaskState
from movalytics_workflows.local.view import lines

Change = Callable[[TaskState], None]


def told(*changes: Change) -> list[str]:
    """The lines after each of the changes to one step."""
    said: list[str] = []
    watch, state = lines(said.append), TaskState("stage")
    for change in changes:
        change(state)
        watch([state])
    return said


def test_a_step_takes_one_line_when_it_is_over() -> None:
    (line,) = told(TaskState.begin, lambda state: state.end(SUCCEEDED), print)
    assert line.split()[:2] == ["stage", "succeeded"]


def test_a_step_that_is_tried_again_says_why_and_how_often_it_was() -> None:
    paused = lambda state: state.pause(20, "FRED does not answer")  # noqa: E731
    first, second = told(TaskState.begin, paused, TaskState.begin, lambda state: state.end(SUCCEEDED))
    assert first.split(maxsplit=1) == ["stage", "waits 20 s, then tries again: FRED does not answer"]
    assert second.split()[:4] == ["stage", "succeeded", "(attempt", "2)"]


def test_a_step_that_never_began_is_not_told() -> None:
    assert told(lambda state: state.end(OMITTED)) == []


def test_a_step_that_was_skipped_says_why() -> None:
    (line,) = told(lambda state: state.end(SKIPPED, sentence="have, made by run-1"))
    assert line.split(maxsplit=2)[1:] == ["skipped", "have, made by run-1"]
