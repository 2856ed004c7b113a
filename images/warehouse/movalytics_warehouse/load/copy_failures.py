"""What a COPY failed with: S3 that may answer the next try, S3 that refuses the role, or the data.

It tells S3's answer in its message, `S3ServiceException:…,Status 503,Error SlowDown,…`, once it has tried for a quarter
of an hour (https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-multiple-files.html).
"""

import re

import psycopg2
from movalytics_common.errors import AccessDenied, InvalidData, PipelineError, Unavailable

from movalytics_warehouse.partitions import WAY_OUT
from movalytics_warehouse.redshift.transactions import first_line

_LATER = re.compile(
    r"Status (429|5\d\d)\b|Error (SlowDown|RequestTimeout|RequestLimitExceeded|Throttling)"
    r"|S3 ?Query Exception.*Connection failed"
)
_REFUSED = re.compile(r"Status 40[13]\b|Error (ExpiredToken|InvalidToken)\b")


def failure(error: psycopg2.Error, copy: str) -> PipelineError:
    """The error as ours; `copy` says which one failed."""
    said, words = f"{copy} failed: {first_line(error)}", str(error)
    if _LATER.search(words):
        return Unavailable(f"{said}; run again later")
    if _REFUSED.search(words):
        return AccessDenied(f"{said}; check the role of COPY")
    return InvalidData(f"{said}; {WAY_OUT}")
