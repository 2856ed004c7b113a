"""Spark's and Hadoop's failures as one plain sentence and an exit code."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from movalytics_common.errors import AccessDenied, InvalidData, MissingInput, PipelineError, StorageFailed, Unavailable
from py4j.protocol import Py4JError, Py4JJavaError  # type: ignore[import-untyped]
from pyspark import SparkContext
from pyspark.errors import PySparkException

_KILLED: Final = re.compile(r"exit(ed with)? code 137\b|OOMKilled")  # SIGKILL


class SparkFailed(PipelineError):
    """Spark failed in a way that nobody foresaw (EX_SOFTWARE)."""

    exit_code = 70


SIGNS: Final[tuple[tuple[str, type[PipelineError], str], ...]] = (
    ("No space left on device", StorageFailed, "no space left on a disk that Spark writes to: free some and run again"),
    ("Disk quota exceeded", StorageFailed, "the disk quota is used up: free some space and run again"),
    ("Read-only file system", StorageFailed, "cannot write: the file system is read-only"),
    ("Permission denied", StorageFailed, "may not write to the lake's directory: correct its permissions"),
    ("ParentNotDirectoryException", StorageFailed, "a file stands where a directory of the lake should be: remove it"),
    ("Mkdirs failed", StorageFailed, "cannot make a directory in the lake: correct its permissions"),
    ("UnknownStoreException", MissingInput, "the bucket does not exist: create it or correct the lake's address"),
    ("AccessDeniedException", AccessDenied, "S3 refused access: check the role or the keys"),
    ("NoAuthWithAWSException", AccessDenied, "no AWS credentials: set the keys or the pod's role"),
    ("SdkClientException", Unavailable, "S3 did not answer"),
    ("OutOfMemoryError", SparkFailed, "Spark ran out of memory: give the driver or the executors more"),
    ("Answer from Java side is empty", SparkFailed, "Spark's Java process ended: it may lack memory, give it more"),
    ("PATH_NOT_FOUND", MissingInput, "an input file is not there: run the extract step first"),
    ("FileNotFoundException", MissingInput, "a file vanished while it was read: do not write to a version of raw"),
    ("FAILED_READ_FILE", InvalidData, "a raw file cannot be read to its end: delete its version of raw and run again"),
)


@contextmanager
def errors_translated() -> Iterator[None]:
    """Turn what Spark raises into a PipelineError; also a decorator (`@errors_translated()`)."""
    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise _translated(error) from error


def _translated(error: Py4JError | PySparkException) -> PipelineError:
    everything = str(error)
    if killed := [reason for reason in _lost_executors() if _KILLED.search(reason)]:
        return SparkFailed(
            f"{len(killed)} executors were killed (exit code 137, OOMKilled where Kubernetes did it), so their memory "
            f"was too small: give them more, or memoryOverhead (Spark: {_root(error, 'Caused by')})"
        )
    for sign, kind, sentence in SIGNS:
        if sign in everything:
            return kind(f"{sentence} (Spark: {_root(error, sign)})")
    return SparkFailed(f"Spark failed: {_root(error, 'Caused by')}; run with --debug to see where")


def _lost_executors() -> list[str]:
    """Why executors are gone, as Spark lists them: the failure itself may tell of nothing but what they had made."""
    context = SparkContext._active_spark_context
    try:
        executors = context._jsc.sc().statusStore().executorList(False) if context else None
        each = [executors.apply(place) for place in range(executors.size())] if executors else []
        return [str(one.removeReason().get()) for one in each if one.removeReason().isDefined()]
    except Py4JError:
        return []  # Java is gone, too


def _root(error: Py4JError | PySparkException, sign: str) -> str:
    """The line that says most: the last with this sign, or the first of all."""
    if isinstance(error, Py4JJavaError):
        lines = str(error.java_exception.toString()).splitlines()
    else:
        lines = str(error).splitlines()
    telling = [line.strip() for line in [*lines, *str(error).splitlines()] if sign in line]
    return (telling or lines or [type(error).__name__])[-1 if telling else 0][:300].removeprefix("Caused by: ")
