"""Which of the occasions that look alike a strike falls on."""

from dataclasses import dataclass


@dataclass
class Turns:
    """`times` of them, after `passing` that are let through."""

    times: int = 1
    passing: int = 0

    def take(self) -> bool:
        """Whether it is to strike on this one, the next of them."""
        if self.passing:
            self.passing -= 1
            return False
        strikes = self.times > 0
        self.times -= strikes
        return strikes
