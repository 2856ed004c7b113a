"""How long we wait for a web server and when we try again: every retry of this component is owned here."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from movalytics_common.errors import Unavailable
from movalytics_common.log import get_logger

Result = TypeVar("Result")


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for a connection and for each read; tries in a row without a byte of progress; pauses."""

    connect: float = 10
    read: float = 60
    attempts: int = 6
    pause: float = 1  # doubled from try to try, unless the server names its own
    longest_pause: float = 120


class TryAgain(Unavailable):
    """What may pass by itself; `pause` is what the server asked for, in seconds."""

    def __init__(self, sentence: str, pause: float | None = None) -> None:
        super().__init__(sentence)
        self.pause = pause


def retrying(call: Callable[[], Result], patience: Patience) -> Result:
    """The call's result; on TryAgain pause and call again, and raise the last TryAgain when patience is at its end."""
    attempt = 1
    while True:
        try:
            return call()
        except TryAgain as error:
            pause = patience.pause * 2 ** (attempt - 1) if error.pause is None else error.pause
            if attempt >= patience.attempts or pause > patience.longest_pause:
                raise
            get_logger().warning("retry", reason=str(error), attempt=attempt, pause=pause)
            time.sleep(pause)
            attempt += 1
