"""How far Spark has come, for whoever watches: tasks done of those in the stages that run now."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from movalytics_common.log import get_logger
from pyspark.sql import SparkSession

SECONDS = 1.0


@contextmanager
def progress_reported() -> Iterator[None]:
    """Log "progress" (done, total, unit) at most once a second while the block runs; also a decorator."""
    ended = Event()
    watcher = Thread(target=_watch, args=(ended,), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _watch(ended: Event) -> None:
    said = (0, 0)
    while not ended.wait(SECONDS):
        tasks = _tasks()
        if tasks[1] and tasks != said:
            get_logger().info("progress", done=tasks[0], total=tasks[1], unit="tasks")
            said = tasks


def _tasks() -> tuple[int, int]:
    """Done and all tasks of the running stages; (0, 0) before Spark is up."""
    spark = SparkSession._instantiatedSession  # the public getActiveSession knows those of its own thread only
    if spark is None:
        return 0, 0
    tracker = spark.sparkContext.statusTracker()
    stages = [stage for number in tracker.getActiveStageIds() if (stage := tracker.getStageInfo(number))]
    return sum(stage.numCompletedTasks for stage in stages), sum(stage.numTasks for stage in stages)
