"""Connecting: by password or by IAM, and each way in which it fails as one plain sentence with its own exit code."""

import datetime as dt
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto.server import ThreadedMotoServer
from movalytics_common.errors import AccessDenied, InvalidSettings, MissingInput, PipelineError, Unavailable
from movalytics_warehouse.redshift.address import parse_address
from movalytics_warehouse.redshift.connection import connect
from movalytics_warehouse.redshift.credentials import login

from tests.integration.conftest import start_standin, stop_standin

PASSWORD = "Open-5esame"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "server.crt", folder / "server.key"
    certificate_path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    key_path.chmod(0o600)
    return certificate_path, key_path


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """HOST:PORT of a stand-in with TLS and a password, and its certificate."""
    folder = tmp_path_factory.mktemp("guarded")
    certificate_path, key_path = certificate(folder)
    (folder / "password").write_text(PASSWORD)
    process, standin = start_standin(
        folder,
        f"--password-file={folder / 'password'}",
        f"--tls-certificate={certificate_path}",
        f"--tls-key={key_path}",
    )
    yield f"{standin.host}:{standin.port}", certificate_path
    stop_standin(process)


def reach(url: str) -> str:
    """Connect; the user that the warehouse sees."""
    connection = connect(parse_address(url))
    with connection, connection.cursor() as cursor:
        cursor.execute("select current_user")
        (user,) = cursor.fetchone() or ("nobody",)
    connection.close()
    return str(user)


def test_a_password_over_a_proven_certificate_connects(
    guarded: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert reach(f"redshift://awsuser@{guarded[0]}/dev?sslrootcert={guarded[1]}") == "awsuser"


def test_a_wrong_password_is_access_denied(guarded: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "guess")
    with pytest.raises(AccessDenied, match=r"refused the user awsuser or the password: check PGPASSWORD"):
        reach(f"redshift://awsuser@{guarded[0]}/dev?sslrootcert={guarded[1]}")


def test_no_password_is_access_denied(guarded: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", "/dev/null")
    with pytest.raises(AccessDenied, match="check PGPASSWORD"):
        reach(f"redshift://awsuser@{guarded[0]}/dev?sslrootcert={guarded[1]}")


def test_an_unknown_certificate_is_refused_by_default(
    guarded: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with pytest.raises(InvalidSettings, match="no trusted TLS connection"):
        reach(f"redshift://awsuser@{guarded[0]}/dev")


def test_a_certificate_of_another_name_is_refused(guarded: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    url = guarded[0].replace("127.0.0.1", "localhost")
    with pytest.raises(InvalidSettings, match="no trusted TLS connection"):
        reach(f"redshift://awsuser@{url}/dev?sslrootcert={guarded[1]}")


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("redshift://u@{server}/dev", InvalidSettings, "no trusted TLS connection"),
        ("redshift://u@{server}/dev?sslrootcert=/no/such/file", InvalidSettings, "no trusted TLS connection"),
        ("redshift://u@no-such-host.invalid/dev", InvalidSettings, "host name no-such-host.invalid is unknown"),
        ("redshift://awsuser@{server}/nothing?sslmode=disable", MissingInput, "there is no database nothing"),
        ("redshift://u@127.0.0.1:{port}/dev?sslmode=disable", Unavailable, "does not answer"),
    ],
)
def test_a_warehouse_that_cannot_be_reached_is_explained_in_a_sentence(
    server: str, url: str, error: type[PipelineError], words: str
) -> None:
    with pytest.raises(error, match=words) as refusal:
        reach(url.format(server=server, port=unused_port()))
    assert "\n" not in str(refusal.value)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials and a region as a pod has them, and an AWS that is not there unless a test provides it."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the credentials that it found once
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def cluster(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The identifier of a provisioned cluster that AWS (moto) knows."""
    moto = ThreadedMotoServer(port=0, verbose=False)
    moto.start()
    name = f"warehouse-{uuid4().hex}"  # moto's clusters outlive its server
    host, port = moto.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    boto3.client("redshift").create_cluster(
        ClusterIdentifier=name,
        NodeType="ra3.large",
        MasterUsername="awsuser",
        MasterUserPassword=PASSWORD,
        DBName="dev",
    )
    yield name
    moto.stop()


def test_a_provisioned_cluster_gives_a_user_and_a_password_for_this_login(cluster: str) -> None:
    user, password = login(parse_address(f"redshift://loader@h/dev?credentials=provisioned&cluster={cluster}"))
    assert user == "IAM:loader"
    assert password


def test_an_unknown_cluster_is_a_wrong_setting(cluster: str) -> None:
    with pytest.raises(InvalidSettings, match="AWS knows no such cluster"):
        login(parse_address("redshift://loader@h/dev?credentials=provisioned&cluster=other"))


class Serverless(BaseHTTPRequestHandler):
    """The one call of Redshift Serverless that we make, as its JSON 1.1 protocol has it."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked["workgroupName"] == "known":
            code, answer = 200, {"dbUser": f"IAMR:loader-{asked['dbName']}", "dbPassword": "temporary"}
        elif asked["workgroupName"] == "forbidden":
            code, answer = 400, {"__type": "AccessDeniedException", "message": "not yours"}
        else:
            code, answer = 400, {"__type": "ResourceNotFoundException", "message": "no workgroup"}
        body = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def serverless(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Redshift Serverless on loopback (moto has it not)."""
    service = ThreadingHTTPServer(("127.0.0.1", 0), Serverless)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS", f"http://127.0.0.1:{service.server_port}")
    yield
    service.shutdown()
    service.server_close()


def test_serverless_names_the_user_itself(serverless: None) -> None:
    answer = login(parse_address("redshift://@h/dev?credentials=serverless&workgroup=known"))
    assert answer == ("IAMR:loader-dev", "temporary")


@pytest.mark.parametrize(
    ("workgroup", "error", "words"),
    [("forbidden", AccessDenied, "AWS refused credentials"), ("other", InvalidSettings, "AWS knows no such")],
)
def test_what_serverless_refuses_is_explained(
    serverless: None, workgroup: str, error: type[PipelineError], words: str
) -> None:
    with pytest.raises(error, match=words):
        login(parse_address(f"redshift://@h/dev?credentials=serverless&workgroup={workgroup}"))


@pytest.mark.parametrize("workgroup", ["w", "known"])
def test_settings_that_aws_would_not_take_are_explained(
    aws: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workgroup: str
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    region = "&region=eu-west-1" if workgroup == "w" else ""
    with pytest.raises(InvalidSettings, match="does not make sense"):
        login(parse_address(f"redshift://@h/dev?credentials=serverless&workgroup={workgroup}{region}"))


def test_an_aws_that_does_not_answer_is_unavailable(aws: None) -> None:
    with pytest.raises(Unavailable, match="AWS gave no credentials"):
        login(parse_address("redshift://@h/dev?credentials=serverless&workgroup=known"))


def test_no_aws_credentials_are_access_denied(aws: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    with pytest.raises(AccessDenied, match="no AWS credentials"):
        login(parse_address("redshift://@h/dev?credentials=serverless&workgroup=known"))
