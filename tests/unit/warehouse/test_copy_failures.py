"""What a COPY that S3 fails means: another try may succeed, access is missing, or the data are at fault."""

import psycopg2
import psycopg2.errors
import pytest
from movalytics_common.errors import AccessDenied, InvalidData, PipelineError, Unavailable
from movalytics_warehouse.load.copy_failures import failure


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("S3ServiceException:Please reduce your request rate.,Status 503,Error SlowDown,Rid 1,CanRetry 1", Unavailable),
        ("S3ServiceException:We encountered an internal error.,Status 500,Error InternalError,Rid 1", Unavailable),
        ("S3Query Exception Connection failed, retries exceeded.\nDETAIL:  code: 15005", Unavailable),
        ("Spectrum Scan Error\nDETAIL:  code: 15001\n  context: S3ServiceException:x,Status 503,Error y", Unavailable),
        ("S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 1,CanRetry 1", AccessDenied),
        ("S3ServiceException:The token has expired.,Status 400,Error ExpiredToken,Rid 1", AccessDenied),
        ("Problem reading manifest file - S3ServiceException:x,Status 404,Error NoSuchKey,Rid 1", InvalidData),
        ("Spectrum Scan Error\nDETAIL:  code: 15001\n  context: File has an invalid version number", InvalidData),
        ("the file has 503 bytes", InvalidData),
    ],
)
def test_a_copy_that_fails_says_whether_another_try_may_succeed(words: str, kind: type[PipelineError]) -> None:
    found = failure(psycopg2.errors.InternalError_(words), "COPY of genre")
    assert type(found) is kind
    assert str(found).startswith("COPY of genre failed: ")
    assert ("with force" in str(found)) is (kind is InvalidData)
