"""The wire protocol: TLS, the extended protocol as other drivers speak it, and cancelling a load."""

import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.integration.conftest import Standin, start_standin, stop_standin


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of localhost, which signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    )
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    unencrypted = serialization.NoEncryption()
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted)
    private.write_bytes(encoded)
    return certificate, private


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Standin, Path]]:
    """A stand-in with TLS and a password, and the certificate to trust."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = write_certificate(folder)
    (folder / "password").write_text("Secret123")
    options = (f"--tls-certificate={certificate}", f"--tls-key={key}", f"--password-file={folder / 'password'}")
    process, standin = start_standin(folder, *options)
    yield standin, certificate
    stop_standin(process)


def test_tls_is_verified_in_full(secured: tuple[Standin, Path]) -> None:
    standin, certificate = secured
    options = {"sslmode": "verify-full", "sslrootcert": str(certificate), "password": "Secret123"}
    connection = standin.connect(host="localhost", **options)
    assert connection.info.ssl_in_use
    with connection.cursor() as cursor:
        cursor.execute("SELECT repeat('x', 200000)")
        assert len(cursor.fetchone()[0]) == 200_000
    connection.close()
    with pytest.raises(psycopg2.OperationalError, match="does not match host name"):
        standin.connect(**options)


def test_a_wrong_password_is_refused_over_tls(secured: tuple[Standin, Path]) -> None:
    standin, _ = secured
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        standin.connect(sslmode="require", password="wrong")


def test_without_a_certificate_tls_is_declined(redshift_server: Standin) -> None:
    with pytest.raises(psycopg2.OperationalError, match="server does not support SSL"):
        redshift_server.connect(sslmode="require")


def test_certificate_and_key_belong_together(tmp_path: Path) -> None:
    certificate, _ = write_certificate(tmp_path)
    command = [sys.executable, "-m", "redshift_local", f"--data={tmp_path / 'data'}", "--port=0"]
    done = subprocess.run([*command, f"--tls-certificate={certificate}"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 78
    assert "belong together" in done.stderr


class Extended:
    """A client that speaks the extended protocol, as JDBC and psycopg 3 do."""

    def __init__(self, standin: Standin) -> None:
        self.socket = socket.create_connection((standin.host, standin.port))
        pairs = b"".join(part.encode() + b"\0" for part in ("user", standin.user, "database", standin.database))
        self.socket.sendall(struct.pack("!ii", len(pairs) + 9, 3 << 16) + pairs + b"\0")
        self.until_ready()

    def receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self.socket.recv(size - len(data))
        return data

    def until_ready(self) -> list[tuple[bytes, bytes]]:
        messages = []
        while not messages or messages[-1][0] != b"Z":
            kind = self.receive(1)
            messages.append((kind, self.receive(struct.unpack("!i", self.receive(4))[0] - 4)))
        return messages

    def execute(self, statement: str, *values: str) -> dict[bytes, bytes]:
        """Parse, bind, execute, sync in one go; the last message of each kind."""
        encoded = [value.encode() for value in values]
        bound = b"".join(struct.pack("!i", len(value)) + value for value in encoded)
        parts = [
            (b"P", b"\0" + statement.encode() + b"\0" + struct.pack("!h", 0)),
            (b"B", b"\0\0" + struct.pack("!hh", 0, len(values)) + bound + struct.pack("!h", 0)),
            (b"D", b"P\0"),
            (b"E", b"\0" + struct.pack("!i", 0)),
            (b"S", b""),
        ]
        self.socket.sendall(b"".join(kind + struct.pack("!i", len(body) + 4) + body for kind, body in parts))
        return dict(self.until_ready())


@pytest.fixture
def extended(redshift: Standin) -> Iterator[Extended]:
    client = Extended(redshift)
    yield client
    client.socket.close()
    time.sleep(0.1)  # its session ends before its database is dropped


def test_the_extended_protocol_is_rewritten_too(extended: Extended) -> None:
    extended.execute("CREATE TABLE t (a INT DISTKEY, n NUMERIC, s VARCHAR(3)) SORTKEY (a)")
    assert b"C" in extended.execute("INSERT INTO t VALUES ($1, $2, $3)", "1", "3.5", "abc")
    assert extended.execute("SELECT n FROM t WHERE a = $1", "1")[b"D"].endswith(b"4")
    assert b"C22001" in extended.execute("INSERT INTO t VALUES (1, 1, $1)", "éé")[b"E"]


def test_the_extended_protocol_is_refused_too_and_aborts_its_transaction(extended: Extended) -> None:
    extended.execute("CREATE TABLE t (a INT)")
    extended.execute("BEGIN")
    answer = extended.execute("INSERT INTO t VALUES ($1) ON CONFLICT DO NOTHING", "1")
    assert b"C42601" in answer[b"E"]
    assert answer[b"Z"] == b"E"
    assert extended.execute("ROLLBACK")[b"Z"] == b"I"
    assert b"C0A000" in extended.execute("SAVEPOINT a")[b"E"]
    assert b"simple query" in extended.execute("TRUNCATE t")[b"E"]


def test_what_redshift_reports_at_the_start(redshift_server: Standin) -> None:
    connection = redshift_server.connect()
    assert connection.info.parameter_status("server_version") == "8.0.2"
    assert connection.info.parameter_status("client_encoding") == "UNICODE"
    assert connection.info.parameter_status("scram_iterations") is None
    connection.close()


def test_rubbish_on_the_port_does_no_harm(redshift_server: Standin) -> None:
    for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x08\0\0\0\0", b"\0"):
        with socket.create_connection((redshift_server.host, redshift_server.port)) as client:
            client.sendall(rubbish)
    redshift_server.connect().close()
