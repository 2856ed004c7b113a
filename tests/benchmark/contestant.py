"""What the programs that ours is compared with have in common: arguments, the table, the seconds of their steps."""

import argparse
import json
import sys
import time
from pathlib import Path

from movalytics_common.declaration import tables

COLUMNS = ", ".join(f"{column.name} {column.kind.text} not null" for column in tables()["ratings"].columns)
TABLE = f"create table {{name}} ({COLUMNS})"


class Steps:
    """Seconds by step, each from the one before."""

    def __init__(self) -> None:
        self._last, self._seconds = time.monotonic(), dict[str, float]()

    def done(self, step: str) -> None:
        """The step ends here."""
        now = time.monotonic()
        self._seconds[step], self._last = round(now - self._last, 2), now

    def tell(self) -> None:
        """As JSON, in the last line of the output."""
        sys.stdout.write(json.dumps(self._seconds) + "\n")


def arguments(summary: str | None) -> tuple[Path, Path]:
    """--source, the directory of the raw files, and --work, an empty one for what is made."""
    parser = argparse.ArgumentParser(description=(summary or "").splitlines()[0])
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    return given.source, given.work
