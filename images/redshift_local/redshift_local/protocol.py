"""The PostgreSQL wire protocol, version 3: framing of messages, and the fields of errors and notices."""

import asyncio
import struct

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
LONGEST_STARTUP = 10_000
LONGEST = 2**30 - 1  # of a message, as PostgreSQL has it

Fields = dict[str, str]


class ConnectionLost(ConnectionError):
    """The other side closed the connection."""


class Malformed(Exception):
    """The other side sent what is no message of the protocol; the connection ends with it."""


def pack(kind: bytes, body: bytes = b"") -> bytes:
    """One message: kind, length, body."""
    return kind + struct.pack("!i", len(body) + 4) + body


def pack_query(text: str) -> bytes:
    """A simple query."""
    return pack(b"Q", text.encode() + b"\0")


async def read_message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The next message's kind and body. Raises ConnectionLost at the end of the stream, Malformed."""
    try:
        head = await reader.readexactly(5)
        length = struct.unpack_from("!i", head, 1)[0]
        if not 4 <= length <= LONGEST:
            raise Malformed("invalid message length")
        body = await reader.readexactly(length - 4)
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise ConnectionLost from error
    return head[:1], body


async def read_startup(reader: asyncio.StreamReader) -> bytes:
    """The body of a message without a kind, as a connection's first ones are. Raises ConnectionLost."""
    try:
        length = struct.unpack("!i", await reader.readexactly(4))[0]
        if not 8 <= length <= LONGEST_STARTUP:
            raise ConnectionLost
        return await reader.readexactly(length - 4)
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise ConnectionLost from error


def strings_and_rest(body: bytes, count: int) -> list[bytes]:
    """The first zero-terminated strings of a body, as many as `count`, and what follows them. Raises Malformed."""
    parts = body.split(b"\0", count)
    if len(parts) <= count:
        raise Malformed("invalid message format")
    return parts


def unpack_strings(body: bytes) -> list[str]:
    """The zero-terminated strings of a body, without the empty one that ends the list."""
    return [part.decode(errors="replace") for part in body.split(b"\0")[:-1]]


def unpack_fields(body: bytes) -> Fields:
    """An error's or a notice's fields: S severity, C SQLSTATE, M message, D detail, H hint, P position, W context…"""
    return {part[:1].decode(): part[1:].decode(errors="replace") for part in body.split(b"\0") if part}


def pack_fields(kind: bytes, fields: Fields) -> bytes:
    """An ErrorResponse (E) or NoticeResponse (N)."""
    return pack(kind, b"".join(f"{key}{value}".encode() + b"\0" for key, value in fields.items()) + b"\0")


def pack_error(severity: str, code: str, message: str, **more: str) -> bytes:
    """An ErrorResponse of our own."""
    return pack_fields(b"E", {"S": severity, "V": severity, "C": code, "M": message, **more})


def pack_info(message: str) -> bytes:
    """An INFO notice, as Redshift's COPY sends."""
    return pack_fields(b"N", {"S": "INFO", "V": "INFO", "C": "00000", "M": message})


def pack_startup(parameters: dict[str, str]) -> bytes:
    """A StartupMessage for protocol 3.0."""
    pairs = b"".join(f"{key}\0{value}\0".encode() for key, value in parameters.items())
    return struct.pack("!ii", len(pairs) + 9, 3 << 16) + pairs + b"\0"
