"""Spark's failures, each as one sentence that says what to do."""

from pathlib import Path
from typing import Any

import pytest
from movalytics_common.errors import AccessDenied, InvalidData, MissingInput, PipelineError, StorageFailed, Unavailable
from movalytics_spark.failures import SparkFailed, errors_translated
from pyspark.errors import PySparkException


def test_a_path_that_is_not_there(spark: Any) -> None:
    with (
        pytest.raises(MissingInput, match="an input file is not there: run the extract step first"),
        errors_translated(),
    ):
        spark.read.text("file:///nowhere/x")


def test_a_directory_that_cannot_be_made(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageFailed, match="a file stands where a directory of the lake should be") as caught,
        errors_translated(),
    ):
        spark.range(1).write.parquet(f"file://{tmp_path}/file/table")
    assert "\n" not in str(caught.value)


def test_a_failing_task(spark: Any) -> None:
    with (
        pytest.raises(SparkFailed, match=r"Spark failed: .*; run with --debug to see where") as caught,
        errors_translated(),
    ):
        spark.range(1).selectExpr("raise_error('broken')").collect()
    assert "broken" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        ("java.io.IOException: No space left on device", StorageFailed),
        ("java.nio.file.AccessDeniedException: s3://b/k: getFileStatus: 403", AccessDenied),
        ("org.apache.hadoop.fs.s3a.UnknownStoreException: s3://b/", MissingInput),
        ("software.amazon.awssdk.core.exception.SdkClientException: Unable to execute HTTP request", Unavailable),
        ("org.apache.spark.SparkException: [FAILED_READ_FILE.NO_HINT] Encountered error while reading x", InvalidData),
        ("py4j.Py4JNetworkError: Answer from Java side is empty", SparkFailed),
    ],
)
def test_a_cause_deep_in_the_trace_is_found(cause: str, kind: type[PipelineError]) -> None:
    with pytest.raises(kind) as caught, errors_translated():
        raise PySparkException(f"Job aborted due to stage failure\n\tat somewhere\nCaused by: {cause}\n\tat there")
    assert cause in str(caught.value)
    assert "\n" not in str(caught.value)
