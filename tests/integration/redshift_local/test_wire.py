"""The wire protocol: TLS, the extended protocol as other drivers speak it."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pyarrow as pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redshift_local.serving import tls

from tests.integration.conftest import Standin, start_standin, stop_standin
from tests.integration.redshift_local.conftest import ROLE, Client
from tests.integration.redshift_local.wire import Extended, statement_parts


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
def secured(tmp_path_factory: pytest.TempPathFactory, made_data: Path) -> Iterator[tuple[Standin, Path]]:
    """A stand-in with TLS and a password, and the certificate to trust."""
    folder = tmp_path_factory.mktemp("tls")
    shutil.copytree(made_data, folder / "data")
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


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_tls_is_always_offered_with_a_certificate_of_its_own(redshift_server: Standin, host: str) -> None:
    certificate = redshift_server.data / "certificate.pem"
    connection = redshift_server.connect(host=host, sslmode="verify-full", sslrootcert=str(certificate))
    assert connection.info.ssl_in_use
    connection.close()
    assert (redshift_server.data / "key.pem").stat().st_mode & 0o077 == 0


def test_its_own_certificate_stays_until_it_is_spoilt_or_old(tmp_path: Path) -> None:
    tls.own(tmp_path)
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    first = certificate.read_bytes()
    tls.own(tmp_path)
    assert certificate.read_bytes() == first
    key.write_text("spoilt")
    tls.own(tmp_path)
    second = certificate.read_bytes()
    assert second != first
    old = time.time() - tls.RENEWED.total_seconds() - 1
    os.utime(certificate, (old, old))
    tls.own(tmp_path)
    assert certificate.read_bytes() != second
    x509.load_pem_x509_certificate(certificate.read_bytes()).verify_directly_issued_by(
        x509.load_pem_x509_certificate(certificate.read_bytes())
    )


def test_certificate_and_key_belong_together(tmp_path: Path) -> None:
    certificate, _ = write_certificate(tmp_path)
    command = [sys.executable, "-m", "redshift_local", f"--data={tmp_path / 'data'}", "--port=0"]
    done = subprocess.run([*command, f"--tls-certificate={certificate}"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 78
    assert "belong together" in done.stderr


@pytest.fixture
def extended(redshift_server: Standin, client: Client) -> Iterator[Extended]:
    """In the schema of `client`, which is dropped when its session is over."""
    session = Extended(redshift_server)
    session.simple(f"SET search_path TO {client.schema}")
    yield session
    session.socket.close()


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


def value(client: Extended, expression: str) -> bytes:
    """What an expression comes to, as text."""
    return client.execute(f"SELECT {expression}")[b"D"][6:]


def test_truncate_commits_by_the_extended_protocol_too(extended: Extended) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html"""
    extended.execute("CREATE TABLE t (a INT)")
    extended.execute("BEGIN")
    extended.execute("INSERT INTO t VALUES (1)")
    answer = extended.execute("TRUNCATE t")
    assert (answer[b"C"], answer[b"Z"]) == (b"TRUNCATE TABLE\0", b"I")
    assert b"n" in answer
    assert value(extended, "count(*) FROM t") == b"0"
    assert b"C42P01" in extended.execute("TRUNCATE nowhere")[b"E"]


def test_create_table_as_takes_parameters(extended: Extended) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_AS.html"""
    created = extended.execute("CREATE TABLE t AS SELECT CAST($1 AS INT) AS a, CAST($2 AS VARCHAR(9)) AS b", "7", "é")
    assert created[b"Z"] == b"I"
    assert value(extended, "a || b FROM t") == "7é".encode()
    extended.execute("BEGIN")
    assert extended.execute("CREATE TABLE u AS SELECT a FROM t")[b"Z"] == b"T"
    extended.execute("ROLLBACK")
    assert b"C42P01" in extended.execute("SELECT * FROM u")[b"E"]


def test_a_prepared_create_table_as_and_truncate_run_more_than_once(extended: Extended) -> None:
    extended.execute("CREATE TABLE t (a INT)")
    prepare, bind, _, execute = statement_parts("TRUNCATE t", name=b"again")
    assert [kind for kind, _ in extended.send(prepare, (b"D", b"Sagain\0"), (b"S", b""))] == [b"1", b"t", b"n", b"Z"]
    for _ in range(2):
        extended.execute("INSERT INTO t VALUES (1)")
        assert [kind for kind, _ in extended.send(bind, execute, (b"S", b""))] == [b"2", b"C", b"Z"]
        assert value(extended, "count(*) FROM t") == b"0"


def test_copy_loads_by_the_extended_protocol(extended: Extended, write_manifest) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html"""
    source = write_manifest(pa.table({"a": pa.array([1, 2], pa.int32())}))
    copy = f"COPY t FROM '{source}' IAM_ROLE '{ROLE}' FORMAT AS PARQUET MANIFEST"
    extended.execute("CREATE TABLE t (a INT)")
    loaded = extended.execute(copy)
    assert loaded[b"C"] == b"COPY\0"
    assert b"2 record(s) loaded successfully" in loaded[b"N"]
    extended.execute("BEGIN")
    assert extended.execute(copy)[b"Z"] == b"T"
    extended.execute("ROLLBACK")
    assert value(extended, "count(*) FROM t") == b"2"


def test_a_copy_that_fails_aborts_its_transaction(extended: Extended) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html"""
    extended.execute("CREATE TABLE t (a INT)")
    extended.execute("BEGIN")
    copy = f"COPY t FROM 'file:///nowhere.manifest' IAM_ROLE '{ROLE}' FORMAT AS PARQUET MANIFEST"
    failed = extended.execute(copy)
    assert (failed[b"Z"], b"C" in failed) == (b"E", False)
    assert b"C25P02" in extended.execute("TRUNCATE t")[b"E"]
    assert extended.execute("ROLLBACK")[b"Z"] == b"I"


def test_after_an_error_all_is_passed_over_up_to_sync(extended: Extended) -> None:
    """https://www.postgresql.org/docs/8.0/protocol-flow.html"""
    extended.execute("CREATE TABLE t (a INT)")
    extended.execute("INSERT INTO t VALUES (1)")
    for failing in ("SELECT 1 FROM nowhere", "TRUNCATE nowhere"):
        parts = [
            *statement_parts(failing),
            *statement_parts("TRUNCATE t"),
            *statement_parts("INSERT INTO t VALUES (2)"),
        ]
        kinds = [kind for kind, _ in extended.send(*parts, (b"S", b""))]
        assert kinds[-2:] == [b"E", b"Z"]
        assert value(extended, "count(*) FROM t") == b"1"


def test_what_comes_before_in_the_same_pipe_is_answered_first(extended: Extended) -> None:
    parts = [*statement_parts("CREATE TABLE t AS SELECT 1 AS a"), *statement_parts("SELECT a FROM t")]
    kinds = [kind for kind, _ in extended.send(*parts, (b"S", b""))]
    assert kinds == [*(b"1", b"2", b"n", b"C"), *(b"1", b"2", b"T", b"D", b"C"), b"Z"]


def test_a_create_table_as_that_is_refused_is_answered_by_its_error_alone(extended: Extended) -> None:
    extended.execute("CREATE TABLE t (n NUMERIC(2, 1))")
    refused = "CREATE TABLE u AS SELECT avg(n) + sum(n) AS a, NULL::interval AS b FROM t"
    assert extended.simple(refused) == [b"E", b"Z"]
    assert b"C" not in extended.execute(refused)
    assert b"C42P01" in extended.execute("SELECT * FROM u")[b"E"]


def test_alter_type_stands_alone_in_the_extended_protocol_too(extended: Extended) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html"""
    extended.execute("CREATE TABLE t (a VARCHAR(2))")
    extended.execute("BEGIN")
    assert b"C25001" in extended.execute("ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(3)")[b"E"]
    extended.execute("ROLLBACK")
    assert b"C" in extended.execute("ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(3)")


def test_what_redshift_reports_at_the_start(redshift_server: Standin) -> None:
    connection = redshift_server.connect()
    assert connection.info.parameter_status("server_version") == "8.0.2"
    assert connection.info.parameter_status("client_encoding") == "UNICODE"
    assert connection.info.parameter_status("scram_iterations") is None
    connection.close()


@pytest.mark.parametrize(
    ("asked", "told"), [("UTF8", "UTF8"), ("utf-8", "UTF8"), ("'utf-8'", "UTF8"), ("UNICODE", "UNICODE")]
)
def test_the_client_s_encoding_is_called_as_the_client_calls_it(
    redshift_server: Standin, asked: str, told: str
) -> None:
    """https://github.com/psycopg/psycopg/issues/122; PostgreSQL's JDBC driver checks it too."""
    client = Extended(redshift_server, client_encoding=asked)
    assert (b"S", f"client_encoding\0{told}\0".encode()) in client.greeting
    client.socket.close()


def test_passwords_are_asked_by_md5(secured: tuple[Standin, Path]) -> None:
    """Amazon's drivers know no SCRAM: https://github.com/aws/amazon-redshift-jdbc-driver (ConnectionFactoryImpl)."""
    standin, _ = secured
    pairs = f"user\0{standin.user}\0database\0dev\0\0".encode()
    with socket.create_connection((standin.host, standin.port)) as client:
        client.sendall(struct.pack("!ii", len(pairs) + 8, 3 << 16) + pairs)
        assert client.recv(9) == b"R" + struct.pack("!ii", 12, 5)


def test_rubbish_on_the_port_does_no_harm(redshift_server: Standin) -> None:
    for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x08\0\0\0\0", b"\0"):
        with socket.create_connection((redshift_server.host, redshift_server.port)) as client:
            client.sendall(rubbish)
    redshift_server.connect().close()
