"""Whole folders of the lake: listed, and deleted so that nobody takes what is half gone for whole."""

import shutil
from collections.abc import Sequence

from botocore.exceptions import ClientError

from movalytics_common.lake import list_files
from movalytics_common.place import bucket_and_key, is_local, local_errors_translated, local_path, s3
from movalytics_common.s3_errors import errors_translated

_AT_ONCE = 1000  # objects that S3 deletes by one request


def list_folders(uri: str) -> list[str]:
    """The names of the folders right below this directory or prefix, also of one that a killed deletion left empty."""
    if is_local(uri):
        root = local_path(uri)
        return sorted(path.name for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    bucket, key = bucket_and_key(uri.rstrip("/") + "/")
    with errors_translated(uri):
        pages = s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key, Delimiter="/")
        prefixes = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]
    return [prefix.removeprefix(key).rstrip("/") for prefix in prefixes]


def delete_folder(uri: str, first: Sequence[str] = ()) -> None:
    """Delete all that is below this directory or prefix, and first, one kind after another, the objects so named.

    `first`: endings of names. So what says that a folder is whole goes before any part of it does, and where one was
    killed the same call goes on. Nothing happens where no folder is. Raises StorageFailed, AccessDenied, Unavailable.
    """
    files = [file.uri for file in list_files(uri)]
    for ending in first:
        _delete([file for file in files if file.endswith(ending)])
    if is_local(uri):
        with local_errors_translated(uri):
            if local_path(uri).is_dir():
                shutil.rmtree(local_path(uri))
        return
    _delete([file for file in files if not file.endswith(tuple(first))])


def _delete(uris: Sequence[str]) -> None:
    """Delete these objects, which are all in one place."""
    for start in range(0, len(uris), _AT_ONCE):
        some = uris[start : start + _AT_ONCE]
        if not is_local(some[0]):
            _delete_from_s3(some)
            continue
        for uri in some:
            with local_errors_translated(uri):
                local_path(uri).unlink(missing_ok=True)


def _delete_from_s3(uris: Sequence[str]) -> None:
    bucket, _ = bucket_and_key(uris[0])
    objects = [{"Key": bucket_and_key(uri)[1]} for uri in uris]
    with errors_translated(uris[0]):
        answer = s3().delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})  # type: ignore[typeddict-item]
    for failed in answer.get("Errors", []):  # the request itself succeeds whatever becomes of its objects
        with errors_translated(f"s3://{bucket}/{failed.get('Key', '')}"):
            raise ClientError(
                {"Error": {"Code": failed.get("Code", ""), "Message": failed.get("Message", "")}}, "Delete"
            )
