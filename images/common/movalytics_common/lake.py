"""The lake: immutable objects under `s3://bucket/prefix` or `file:///directory`, read and written whole or streamed.

A URI is taken literally (no percent-decoding), as Hadoop's Path takes it, so that Spark and steps name a file alike.
S3's endpoint, region and credentials come from boto3's own environment (AWS_ENDPOINT_URL, AWS_PROFILE, a pod's role).
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypedDict, cast
from uuid import uuid4

from movalytics_common.errors import AccessDenied, MissingInput, Unavailable
from movalytics_common.place import bucket_and_key, is_local, local_errors_translated, local_path, s3
from movalytics_common.s3_errors import Conflict, errors_translated

CONFLICTS = 10  # writers of one object at one moment; S3 says 409 and asks to try again


@dataclass(frozen=True)
class LakeFile:
    """One object of the lake, its size in bytes, and when it was written (UTC), which is no part of what it is."""

    uri: str
    bytes: int
    modified: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)


def join(uri: str, *names: str) -> str:
    """`uri/name/…` with single slashes."""
    return "/".join([uri.rstrip("/"), *(name.strip("/") for name in names)])


def exists(uri: str) -> bool:
    """Whether this very object is there (a directory or prefix is not an object)."""
    if is_local(uri):
        return local_path(uri).is_file()
    try:
        with errors_translated(uri):
            s3().head_object(**_object(uri))
    except MissingInput:
        return False
    return True


def read_bytes(uri: str) -> bytes:
    """The whole object. Raises MissingInput, AccessDenied, Unavailable."""
    with open_read(uri) as stream:
        return stream.read()


@contextmanager
def open_read(uri: str) -> Iterator[BinaryIO]:
    """A binary stream of the object. Raises MissingInput, AccessDenied, Unavailable."""
    if is_local(uri):
        with _open_local(uri) as stream:
            yield stream
        return
    # Reading can be cut midway, too. As a context manager the body would give what it wraps, which checks nothing.
    with errors_translated(uri), closing(s3().get_object(**_object(uri))["Body"]) as body:
        yield cast("BinaryIO", body)


def write_bytes(uri: str, data: bytes) -> None:
    """Write the object whole; readers see the old one or the new one, never a part. Raises StorageFailed."""
    if is_local(uri):
        with local_errors_translated(uri), _replacing(local_path(uri)) as temporary:
            temporary.write_bytes(data)
        return
    with errors_translated(uri):
        s3().put_object(**_object(uri), Body=data)


def write_stream(uri: str, stream: BinaryIO) -> None:
    """Write the object from a stream in bounded memory (multipart on S3); it appears when it is complete.

    A read that gives less than it was asked for is taken for the end: wrap raw streams in io.BufferedReader.
    What the stream raises is raised, and nothing appears. Raises StorageFailed.
    """
    if is_local(uri):
        with local_errors_translated(uri), _replacing(local_path(uri)) as temporary, temporary.open("wb") as target:
            shutil.copyfileobj(stream, target, 1 << 20)
        return
    with errors_translated(uri):
        s3().upload_fileobj(stream, *bucket_and_key(uri))


def create_bytes(uri: str, data: bytes) -> bool:
    """Write the object only if there is none (S3: If-None-Match: *); False when somebody was first."""
    if is_local(uri):
        with local_errors_translated(uri):
            return _create_local(local_path(uri), data)
    for _ in range(CONFLICTS):
        try:
            with errors_translated(uri):
                s3().put_object(**_object(uri), Body=data, IfNoneMatch="*")
        except FileExistsError:
            return False
        except Conflict:
            continue
        return True
    raise Unavailable(f"others keep writing {uri}: run again later")


def list_files(uri: str) -> list[LakeFile]:
    """All objects below this directory or prefix, by name; empty when there are none.

    Names that begin with a dot are not objects: a killed writer leaves such files (and Spark its checksums).
    """
    if is_local(uri):
        root = local_path(uri)
        files = sorted(path for path in root.rglob("[!.]*") if path.is_file()) if root.is_dir() else []
        return [_local_file(path) for path in files]
    bucket, key = bucket_and_key(uri.rstrip("/") + "/")
    with errors_translated(uri):
        pages = s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
        return [
            LakeFile(f"s3://{bucket}/{item['Key']}", item["Size"], item["LastModified"])
            for page in pages
            for item in page.get("Contents", [])
        ]


def _local_file(path: Path) -> LakeFile:
    found = path.stat()
    return LakeFile(f"file://{path}", found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


@contextmanager
def _open_local(uri: str) -> Iterator[BinaryIO]:
    try:
        stream = local_path(uri).open("rb")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise MissingInput(f"{uri} is not there") from error
    except PermissionError as error:
        raise AccessDenied(f"{uri} may not be read: give this user permission to read it") from error
    except OSError as error:
        raise MissingInput(f"{uri} cannot be read ({error.strerror}): check the disk it is on") from error
    with stream:
        yield stream


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _create_local(path: Path, data: bytes) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        temporary.write_bytes(data)
        path.hardlink_to(temporary)  # unlike a rename, a link never replaces
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


class _Object(TypedDict):
    Bucket: str
    Key: str


def _object(uri: str) -> _Object:
    bucket, key = bucket_and_key(uri)
    return {"Bucket": bucket, "Key": key}
