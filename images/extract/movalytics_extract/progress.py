"""Progress of long work: a bar when a person watches, else an event once a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from movalytics_common.log import get_logger
from tqdm import tqdm


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """A function to call with each number of bytes done, of `total`."""
    if sys.stderr.isatty():
        with tqdm(total=total, unit="B", unit_scale=True, file=sys.stderr, leave=False) as bar:
            yield bar.update
        return
    yield _events(total)


def _events(total: int) -> Callable[[int], None]:
    done, last = 0, time.monotonic()

    def advance(count: int) -> None:
        nonlocal done, last
        done += count
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            get_logger().info("progress", done=done, total=total, unit="bytes")

    return advance
