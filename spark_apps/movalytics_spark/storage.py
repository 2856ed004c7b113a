"""Files that Spark's own readers and writers do not handle, through Hadoop: what is s3:// or file:// for Spark is here.

A URI is taken literally: Hadoop's Path decodes nothing, and a name with a space is a name with a space.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from movalytics_common.errors import InvalidSettings, MissingInput
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType


@dataclass(frozen=True)
class Part:
    """One Parquet file: its URI and bytes, and the directory and the name that it has below the table's."""

    uri: str
    bytes: int
    directory: str
    name: str


def require_lake(uri: str) -> str:
    """`uri` without a slash at its end. Raises InvalidSettings when it is no place in a lake."""
    if not uri.startswith(("s3://", "file:///")):
        raise InvalidSettings(f"{uri!r} is not a place in a lake: it must start with s3:// or file:///")
    return uri.rstrip("/")


def read_bytes(uri: str, limit: int = 2**31 - 9) -> bytes:
    """The file's first `limit` bytes. Raises MissingInput."""
    _require(uri)
    return read_range(uri, 0, limit)


def read_large(uri: str, most: int) -> bytes | None:
    """All of a file that fits in memory, or None when it has more than `most` bytes. Raises MissingInput.

    By way of a local copy: what Java hands over itself is written as text, which for 30 MB takes a second.
    """
    _require(uri)
    files, path = _located(uri)
    if files.getFileStatus(path).getLen() > most:
        return None
    with TemporaryDirectory() as directory:
        copied = Path(directory, "copy")
        files.copyToLocalFile(False, path, _jvm().org.apache.hadoop.fs.Path(str(copied)), True)
        return copied.read_bytes()


def _require(uri: str) -> None:
    if not exists(uri):
        raise MissingInput(f"{uri} is not there: run the extract step of this version first")


def exists(uri: str) -> bool:
    """Whether a file is there."""
    files, path = _located(uri)
    return bool(files.isFile(path))


def read_end(uri: str, limit: int) -> bytes:
    """The last `limit` bytes of a file that is there, or all of it."""
    files, path = _located(uri)
    return read_range(uri, max(0, files.getFileStatus(path).getLen() - limit), limit)


def read_range(uri: str, first: int, length: int) -> bytes:
    """So many bytes from the one at `first` on, of a file that is there and reaches so far; less at its end."""
    files, path = _located(uri)
    stream = files.open(path)
    try:
        stream.seek(first)
        return bytes(stream.readNBytes(length))
    finally:
        stream.close()


def sha256(uri: str, first: int, length: int) -> str:
    """The digest of so many bytes of a file from the one at `first` on, in hex; they stay in Java."""
    files, path = _located(uri)
    stream = files.open(path)
    try:
        stream.seek(first)
        bounded = _jvm().org.apache.commons.io.input.BoundedInputStream.builder().setInputStream(stream)
        return str(_jvm().org.apache.commons.codec.digest.DigestUtils.sha256Hex(bounded.setMaxCount(length).get()))
    finally:
        stream.close()


def write_rest(source: str, first: int, head: bytes, target: str) -> None:
    """Write `head`, and after it all of `source` from the byte at `first` on, without reading it into memory."""
    files, path = _located(source)
    others, place = _located(target)
    stream = files.open(path)
    try:
        stream.seek(first)
        written = others.create(place, True)
        try:
            written.write(head)
            _jvm().org.apache.hadoop.io.IOUtils.copyBytes(stream, written, 1 << 20, False)
        finally:
            written.close()
    finally:
        stream.close()


def write_bytes(uri: str, data: bytes) -> None:
    """Write the file whole: a reader sees nothing or all of it, even when the writer is killed."""
    files, path = _located(uri)
    temporary = path.suffix(".unfinished")
    stream = files.create(temporary, True)
    try:
        stream.write(data)
    finally:
        stream.close()
    files.delete(path, False)
    if not files.rename(temporary, path):
        raise OSError(f"cannot rename {temporary.toString()} to {uri}")


def delete(uri: str) -> None:
    """Delete the file, or the directory with all that is in it, if it is there."""
    files, path = _located(uri)
    files.delete(path, True)


def copy(source: str, target: str) -> bool:
    """Copy a file, or a directory and all that is in it, in place of what is there; whether it was there."""
    files, path = _located(source)
    others, place = _located(target)
    others.delete(place, True)
    is_there = bool(files.exists(path))
    if is_there:
        _jvm().org.apache.hadoop.fs.FileUtil.copy(files, path, others, place, False, _configuration())
    return is_there


def parts(directory: str) -> list[Part]:
    """The Parquet files in this directory and those below it, by name; none where it is not there."""
    found = _local_files(directory) if directory.startswith("file:") else _files(directory)
    every = [_part(directory, uri, size) for uri, size in found]
    return sorted((part for part in every if part.name.endswith(".parquet")), key=lambda part: part.uri)


def _files(directory: str) -> list[tuple[str, int]]:
    """URI and bytes of all files: on S3 one request lists a thousand."""
    files, path = _located(directory)
    if not files.exists(path):
        return []
    every, found = files.listFiles(path, True), []
    while every.hasNext():
        status = every.next()
        found.append((status.getPath().toString(), status.getLen()))
    return found


def _local_files(directory: str) -> list[tuple[str, int]]:
    """The same without Hadoop, which runs a program, `ls`, for each file and directory that it lists."""
    every = Path(directory.removeprefix("file://")).rglob("*")
    return [(f"file://{path}", path.stat().st_size) for path in every if path.is_file()]


def _part(directory: str, uri: str, size: int) -> Part:
    """Under the directory's own spelling, which Hadoop and Python normalise: manifests compare URIs as texts."""
    *_, root = directory.split("/")
    *_, above, name = uri.split("/")
    below = "" if above == root else above
    return Part("/".join(filter(None, (directory, below, name))), size, below, name)


def literally(uri: str) -> str:
    """`uri` so that Spark reads the file of that name, and no pattern."""
    return "".join(f"\\{character}" if character in "\\*?[]{}" else character for character in uri)


def frame_of(spark: SparkSession, rows: Iterable[Mapping[str, object]], schema: StructType) -> DataFrame:
    """Rows that the driver has read as a data frame.

    They travel as JSON, because createDataFrame would start a Python worker to hand over what is there already.
    """
    jvm, session = _jvm(), spark._jsparkSession
    text = jvm.java.io.StringReader("\n".join(map(json.dumps, rows)))
    lines = session.createDataset(
        jvm.java.io.BufferedReader(text).lines().toList(), jvm.org.apache.spark.sql.Encoders.STRING()
    )
    reader = session.read().schema(schema.toDDL()).option("maxStringLen", str(2**31 - 1))
    return DataFrame(reader.json(lines), spark)


def _located(uri: str) -> tuple[Any, Any]:
    """Hadoop's file system and path of a URI."""
    path = _jvm().org.apache.hadoop.fs.Path(uri)
    files = path.getFileSystem(_configuration())
    files.setWriteChecksum(False)  # no hidden .crc files beside what other steps read
    return files, path


def _jvm() -> Any:
    return SparkSession.active().sparkContext._jvm


def _configuration() -> Any:
    return SparkSession.active().sparkContext._jsc.hadoopConfiguration()
