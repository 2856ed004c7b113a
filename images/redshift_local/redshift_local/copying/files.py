"""Files as COPY reads them, at `file:///…` and `s3://…`; a URI is taken literally, without percent-decoding."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from redshift_local.copying.unreadable import Missing, Unreadable


@contextmanager
def open_file(uri: str) -> Iterator[BinaryIO]:
    """A binary stream of the file. Raises Missing, Unreadable."""
    if not uri.startswith("file://"):
        from redshift_local.copying import s3  # noqa: PLC0415 boto3 loads slower than all the rest of the stand-in

        with s3.open_object(uri) as stream:
            yield stream
        return
    try:
        local = path_of(uri).open("rb")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise Missing(f"{uri} is not there") from error
    except PermissionError as error:
        raise Unreadable(f"{uri} may not be read: give this user permission to read it") from error
    except OSError as error:
        raise Missing(f"{uri} cannot be read ({error.strerror}): check the disk it is on") from error
    except ValueError as error:  # a zero byte, half a letter
        raise Missing(f"{uri} is no name of a file") from error
    with local:
        yield local


def path_of(uri: str) -> Path:
    """Where a file of this machine is."""
    return Path(uri.removeprefix("file://"))
