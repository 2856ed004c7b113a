"""Where in the world a URI of the lake lies: an object of S3, or a file."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from movalytics_common.errors import InvalidSettings, StorageFailed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def is_local(uri: str) -> bool:
    """Whether it is a file. Raises InvalidSettings for what is no place in a lake."""
    if uri.startswith("file:///"):
        return True
    if uri.startswith("s3://"):
        return False
    raise InvalidSettings(f"{uri!r} is not a place in a lake: it must start with s3:// or file:///")


def local_path(uri: str) -> Path:
    """The path of a file's URI. Raises InvalidSettings for a name that no file can have."""
    try:
        os.fsencode(uri)
    except UnicodeEncodeError as error:
        raise InvalidSettings(f"{uri} is no name of a file: it holds half a letter") from error
    if "\0" in uri:
        raise InvalidSettings(f"{uri} is no name of a file: it holds a zero byte")
    return Path(uri.removeprefix("file://"))


@contextmanager
def local_errors_translated(uri: str) -> Iterator[None]:
    """A file system's errors while `uri` is written, as ours."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFailed(f"no space left to write {uri}: free some space and run again") from error
        raise StorageFailed(f"cannot write {uri} ({error.strerror or error}): check the lake's directory") from error


@cache
def s3() -> "S3Client":
    """The client, by boto3's own environment. Raises InvalidSettings."""
    import boto3  # noqa: PLC0415 a third of a second, which a lake of files need not wait for

    try:
        return boto3.client("s3")
    except ValueError as error:  # botocore's word for an endpoint that is no URL
        raise InvalidSettings(f"S3's address is none ({error}): correct AWS_ENDPOINT_URL") from error


def bucket_and_key(uri: str) -> tuple[str, str]:
    """An object's bucket and key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
