"""What the log says of a table or mart that was filled."""

import time

from movalytics_common.declaration import tables
from movalytics_warehouse.load.filling import tell
from structlog.testing import capture_logs


def test_rows_and_seconds_are_told() -> None:
    with capture_logs() as said:
        tell(tables()["genre"], 3, 2, time.monotonic() - 5)
    (told,) = said
    assert (told["table"], told["rows"], told["moved"]) == ("genre", 3, 2)
    assert 5 <= told["seconds"] < 60
