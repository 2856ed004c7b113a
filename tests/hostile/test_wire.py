"""The stand-in's wire protocol: whatever a client sends, it is told what is wrong, and others are served on."""

import socket
import struct
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile.material import Octets, hostile, octets
from tests.integration.conftest import Standin

SECONDS = 20
STARTUP = b"\0\3\0\0user\0awsuser\0database\0dev\0\0"
FAULTS = ("Traceback", "never retrieved", "Unhandled")


def message(kind: bytes, body: bytes) -> bytes:
    """As it should be."""
    return kind + struct.pack("!i", len(body) + 4) + body


kinds = st.sampled_from([bytes([each]) for each in b"QPBDESCHFXpdcf"]) | st.binary(min_size=1, max_size=1)
statements = st.sampled_from(
    [b"select 1", b"select $1::int", b"select 1/0", b"begin", b"select a from t", b"truncate t"]
)
queries = st.tuples(statements | octets(), st.sampled_from([b"\0", b"", b"\0\0", b"\0x"])).map(b"".join)
parses = st.tuples(
    octets(1),
    st.just(b"\0"),
    statements | octets(),
    st.just(b"\0"),
    st.sampled_from([b"\0\0", b"\0\1\0\0\0\x17", b"", b"\xff\xff"]),
)
binds = st.tuples(octets(1), st.just(b"\0"), octets(1), st.just(b"\0\0\0"), st.binary(max_size=8))
bodies = queries | parses.map(b"".join) | binds.map(b"".join) | octets()
whole = st.tuples(kinds, bodies).map(lambda pair: message(*pair))
broken = st.tuples(kinds, st.sampled_from([-1, 0, 3, 2**31 - 1, -(2**31), 2**30]), octets(2)).map(
    lambda parts: parts[0] + struct.pack("!i", parts[1]) + parts[2]
)
sessions = st.lists(whole | broken, min_size=1, max_size=5).map(b"".join)


def converse(standin: Standin, first: bytes, then: bytes, is_over: bool = True) -> bytes:
    """All that is answered to these bytes (and, `is_over`, their end), until the stand-in closes the connection."""
    with socket.create_connection((standin.host, standin.port), SECONDS) as client:
        try:
            client.sendall(struct.pack("!i", len(first) + 4) + first + then)
            if is_over:
                client.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: client.recv(1 << 16), b""))
        except ConnectionError:
            return b""


def is_well(standin: Standin) -> bool:
    """Whether another client is served, and nothing failed that nobody foresaw."""
    connection = standin.connect(connect_timeout=SECONDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        served = cursor.fetchall() == [(1,)]
    connection.close()
    log = (Path(standin.data).parent / "log").read_text(errors="replace")
    faults = [line for line in log.splitlines() if any(sign in line for sign in FAULTS)]
    assert faults == [], log[-3_000:]
    return served


@hostile
@given(then=sessions)
@example(then=message(b"Q", b"select '\xff\0"))
@example(then=message(b"Q", b"select 'a\0b'\0"))
@example(then=message(b"P", b"a"))
@example(then=message(b"P", b"a\0select 1\0\xff\xff"))
@example(then=message(b"B", b"a"))
@example(then=b"Q" + struct.pack("!i", -1))
@example(then=Octets(message(b"Q", b"select " + b"(" * 30_000 + b"1" + b")" * 30_000 + b"\0")))
@example(then=Octets(message(b"Q", b"select " + b"nvl(" * 4_000 + b"1" + b",1)" * 4_000 + b"\0")))
@example(then=Octets(message(b"Q", b"select 1/2" + b"+1" * 4_000 + b"\0")))
@example(then=Octets(message(b"Q", b"explain " * 30_000 + b"select 1\0")))
@example(then=Octets(message(b"Q", b"select '" + b"x" * 10_000_000 + b"'\0")))
@example(then=Octets(message(b"Q", b"select '" + b"x" * 10_000_000 + b"\0")))
def test_a_session_ends_and_others_go_on(redshift_server: Standin, then: bytes) -> None:
    converse(redshift_server, STARTUP, then)
    assert is_well(redshift_server)


@hostile
@given(first=octets() | st.tuples(st.sampled_from([80877103, 80877104, 80877102, 196608, 131072, -1]), octets()).map(
    lambda pair: struct.pack("!i", pair[0]) + pair[1]
))  # fmt: skip
@example(first=b"")
@example(first=STARTUP + b"x" * 20_000)
def test_a_connection_that_begins_with_anything_is_over_and_others_go_on(
    redshift_server: Standin, first: bytes
) -> None:
    converse(redshift_server, first, b"")
    assert is_well(redshift_server)


def test_what_comes_with_the_wish_for_tls_is_not_taken_for_encrypted(redshift_server: Standin) -> None:
    wish = struct.pack("!ii", 8, 80877103)
    with socket.create_connection((redshift_server.host, redshift_server.port), SECONDS) as client:
        client.sendall(wish + message(b"Q", b"select 1\0"))
        assert client.recv(1) == b""


@pytest.mark.parametrize(
    "then",
    [b"Q" + struct.pack("!i", -1), message(b"P", b"a"), message(b"Q", b"select 1"), message(b"Q", b"select 'a\0b'\0")],
)
def test_a_message_that_is_none_is_named(redshift_server: Standin, then: bytes) -> None:
    told = converse(redshift_server, STARTUP, then, is_over=False)
    assert b"SFATAL\0" in told
    assert b"C08P01\0Minvalid message " in told
