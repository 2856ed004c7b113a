"""When a source is asked again, and after how many seconds."""

import pytest
from movalytics_extract import patience
from movalytics_extract.patience import Patience, TryAgain, retrying

FOUR = Patience(attempts=4, pause=3, longest_pause=30)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, which take no time."""
    pauses: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", pauses.append)
    return pauses


def asked(*pauses: float | None) -> str:
    """Ask a source that fails as often as there are pauses, each of which it asks for, and then answers."""
    troubles = iter([TryAgain(f"failure {number}", pause) for number, pause in enumerate(pauses)])

    def call() -> str:
        if trouble := next(troubles, None):
            raise trouble
        return "answer"

    return retrying(call, FOUR)


def test_what_answers_is_asked_once(slept: list[float]) -> None:
    assert asked() == "answer"
    assert slept == []


def test_pauses_double_from_try_to_try(slept: list[float]) -> None:
    assert asked(None, None, None) == "answer"
    assert slept == [3, 6, 12]


def test_after_as_many_tries_as_patience_has_the_last_failure_is_the_end(slept: list[float]) -> None:
    with pytest.raises(TryAgain, match="failure 3"):
        asked(None, None, None, None)
    assert slept == [3, 6, 12]


def test_the_servers_own_pause_counts_and_the_next_of_ours_is_as_if_it_had_been_ours(slept: list[float]) -> None:
    assert asked(0, 5, None) == "answer"
    assert slept == [0, 5, 12]


@pytest.mark.parametrize(("pause", "is_waited_for"), [(30, True), (30.5, False)])
def test_a_longer_pause_than_the_longest_is_not_begun(slept: list[float], pause: float, is_waited_for: bool) -> None:
    if is_waited_for:
        assert asked(pause) == "answer"
    else:
        with pytest.raises(TryAgain, match="failure 0"):
            asked(pause)
    assert slept == [pause] * is_waited_for
