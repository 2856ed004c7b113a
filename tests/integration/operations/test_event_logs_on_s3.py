"""Event logs that lie on S3, as an application leaves them there."""

import json

from movalytics_common import lake
from movalytics_operations.event_logs import events, logs_of

from tests.integration.common.conftest import bucket

__all__ = ["bucket"]
START, TASK = "SparkListenerApplicationStart", "SparkListenerTaskEnd"


def line(kind: str, **fields: object) -> bytes:
    return f"{json.dumps({'Event': kind, **fields}, separators=(',', ':'))}\n".encode()


def test_lines_are_read_whole_however_long_they_are(bucket: str) -> None:
    folder = f"{bucket}/lake/spark-events/eventlog_v2_spark-1"
    start = line(START, **{"App Name": "run-1-transform-ratings", "Timestamp": 1})
    tasks = [line(TASK, number=number, text="x" * number * 700) for number in range(40)]
    for number, piece in enumerate([start, *tasks], start=1):
        lake.write_bytes(f"{folder}/events_{number}_spark-1", piece * (1 if piece == start else 3))
    for marker in (f"{bucket}/lake/spark-events/", f"{folder}/", f"{folder}/appstatus_spark-1"):
        lake.write_bytes(marker, b"")
    (log,) = logs_of(f"{bucket}/lake/spark-events", "run-1")
    found = [event["number"] for event in events(log.pieces, frozenset({TASK}))]
    assert found == [number for number in range(40) for _ in range(3)]
