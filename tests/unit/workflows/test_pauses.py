"""How long the local runner pauses between a step's attempts, and when it ends them."""

import pytest
from movalytics_workflows.local.endings import Ending
from movalytics_workflows.local.graph import Retries
from movalytics_workflows.local.retrying import pause_after, seconds_of_patience

VALUES = {"limit": "4", "pause": "10", "longest": "30", "patience": "100"}
PASSING = Ending("Failed", 75, "the warehouse does not answer", "75", "main: Error (exit code 75)")


def retries(**seen: object) -> Retries:
    """Four more attempts after 10, 20, 30 and 30 seconds, within 100; `seen` must be what the condition is told."""
    named = {name: f"{{{{{name}}}}}" for name in VALUES}
    return Retries(
        passes=lambda names: all(names[name] == value for name, value in seen.items()),
        limit=named["limit"],
        pause=named["pause"],
        factor=2,
        longest_pause=named["longest"],
        patience=named["patience"],
    )


def pause(attempt: int, elapsed: float = 0, found: Retries | None = None) -> float | None:
    return pause_after(found or retries(), attempt, elapsed, PASSING, VALUES)


def test_each_pause_is_twice_as_long_as_the_one_before_and_none_is_longer_than_the_longest() -> None:
    assert [pause(attempt) for attempt in (1, 2, 3, 4)] == [10, 20, 30, 30]


def test_after_as_many_retries_as_the_limit_there_is_none() -> None:
    assert pause(5) is None


@pytest.mark.parametrize(("elapsed", "expected"), [(89.9, 10), (90, 10), (90.1, None)])
def test_a_pause_ends_when_patience_does_at_the_latest(elapsed: float, expected: float | None) -> None:
    assert pause(1, elapsed) == expected


def test_a_step_without_a_strategy_is_never_tried_again_and_never_ended() -> None:
    assert pause_after(None, 1, 0, PASSING, VALUES) is None
    assert seconds_of_patience(None, VALUES) == float("inf")


def test_patience_is_the_strategys() -> None:
    assert seconds_of_patience(retries(), VALUES) == 100


def test_the_condition_is_told_how_the_attempt_ended_and_how_many_retries_were_before_it() -> None:
    told = {"retries": "1", "lastRetry.exitCode": "75", "lastRetry.status": "Failed"}
    message = {"lastRetry.message": PASSING.message}
    assert pause(2, found=retries(**told, **message)) == 20
    assert pause(3, found=retries(retries="2")) == 30
    assert pause(3, found=retries(retries="1")) is None
