"""Proxies and TLS between us and the sources: used as the environment says, or one sentence with a fitting code."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from movalytics_common.errors import AccessDenied, InvalidSettings, PipelineError, Unavailable
from movalytics_extract import sources
from movalytics_extract.patience import Patience
from structlog.testing import capture_logs

from tests.integration.extract.conftest import IMPATIENT, Command
from tests.integration.extract.proxies import PASSWORD, USER, http_proxy, socks_proxy
from tests.integration.extract.sources_server import SERIES, SourcesServer

ELSEWHERE = "sources.example"  # no name server knows it: who reaches it was led there
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *(name.lower() for name in PROXIES), *CERTIFICATES):
        monkeypatch.delenv(name, raising=False)


def version(source: str, patience: Patience = IMPATIENT) -> str:
    return sources.cpi(source, "", patience).version("")


def refusal(source: str, error: type[PipelineError], words: str) -> tuple[str, int]:
    """The sentence with which the source is refused, and how often it was tried again."""
    with capture_logs() as events, pytest.raises(error, match=words) as raised:
        version(source)
    assert PASSWORD not in str(raised.value)
    assert "\n" not in str(raised.value)
    return str(raised.value), len(events)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_goes_through_the_proxy_of_the_environment(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with http_proxy(server.port, needs_password=True) as proxy:
        monkeypatch.setenv(variable, f"http://{USER}:{PASSWORD}@127.0.0.1:{proxy.port}")
        assert version(f"fred+http://{ELSEWHERE}/{SERIES}").startswith("2022-04-01-")
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("scheme", ["socks5h", "socks5"])
@pytest.mark.parametrize("variable", ["ALL_PROXY", "HTTP_PROXY"])
def test_goes_through_a_socks_proxy(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, scheme: str, variable: str
) -> None:
    host = ELSEWHERE if scheme == "socks5h" else "127.0.0.9"
    with socks_proxy(server.port) as proxy:
        monkeypatch.setenv(variable, f"{scheme}://127.0.0.1:{proxy.port}")
        assert version(f"fred+http://{host}/{SERIES}").startswith("2022-04-01-")
    assert proxy.asked == [f"{host}:80"]


def test_kaggle_goes_through_it_too(server: SourcesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with socks_proxy(server.port) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
        movies = f"kaggle+http://{ELSEWHERE}/rounakbanik/the-movies-dataset"
        assert sources.movies(movies, IMPATIENT).version("") == "7"
    assert proxy.asked == [f"{ELSEWHERE}:80"]


def test_a_socks_proxy_that_refuses_is_named(server: SourcesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with socks_proxy(server.port, refused=True) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
        refusal(
            f"fred+http://{ELSEWHERE}/{SERIES}",
            Unavailable,
            rf"through the proxy socks5h://127\.0\.0\.1:{proxy.port} \(ALL_PROXY\)",
        )


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5h://127.0.0.1:9", "http://proxy.invalid:3128"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str, scheme: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy.replace("//", f"//{USER}:{PASSWORD}@"))
    sentence, tries = refusal(f"fred+{scheme}://{ELSEWHERE}/{SERIES}", Unavailable, r"the proxy .* \(ALL_PROXY\)")
    assert proxy in sentence
    assert tries == IMPATIENT.attempts - 1  # a name or a door that is missing may be there in a moment


@pytest.mark.parametrize(
    "proxy",
    ["foo://127.0.0.1:9", "http://127.0.0.1:port", "http://", "http://127.0.0.1:0", "socks://h:1", "http://[::1"],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_that_is_no_address_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, proxy: str, variable: str
) -> None:
    monkeypatch.setenv(variable, proxy.replace("//", f"//{USER}:{PASSWORD}@"))
    _, tries = refusal(f"fred:{SERIES}", InvalidSettings, rf"the proxy .* in {variable} cannot be used: write it as")
    assert tries == 0


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_named(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with http_proxy(server.port, needs_password=True) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"http://me:wrong@127.0.0.1:{proxy.port}")
        _, tries = refusal(
            f"fred+{scheme}://{ELSEWHERE}/{SERIES}",
            AccessDenied,
            rf"the proxy http://127\.0\.0\.1:{proxy.port} \(ALL_PROXY\) wants credentials or refused them",
        )
    assert tries == 0


def test_a_proxy_that_does_not_let_us_through_is_named(server: SourcesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with http_proxy(server.port, refusal="403 Forbidden") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.port}")
        refusal(f"fred:{SERIES}", AccessDenied, r"\(HTTPS_PROXY\) does not let us reach FRED \(HTTP 403\)")


def test_a_proxy_that_speaks_no_tls_is_told_from_one_that_is_down(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_proxy(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{proxy.port}")
        refusal(f"fred:{SERIES}", InvalidSettings, "does not speak TLS: write its address as http://")


def test_no_proxy_is_honoured(server: SourcesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert version(server.fred).startswith("2022-04-01-")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody else signed, and beside it its key."""
    return new_certificate(tmp_path_factory.mktemp("tls"), timedelta(days=1))


def new_certificate(directory: Path, lifetime: timedelta) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
        .sign(key, hashes.SHA256())
    )
    (directory / "certificate.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (directory / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return directory / "certificate.pem"


@contextmanager
def tls(certificate: Path) -> Iterator[str]:
    """FRED over TLS, as a source is named: the series of two months."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"observation_date,{SERIES}\n1999-01-01,102.7\n1999-02-01,103.7\n".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # type: ignore[override]
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust us hangs up."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"fred+https://localhost:{server.server_port}/{SERIES}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("variable", CERTIFICATES[:3])
def test_trusts_the_certificates_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, certificate: Path, variable: str
) -> None:
    monkeypatch.setenv(variable, str(certificate))
    with tls(certificate) as source:
        assert version(source).startswith("1999-02-01-")


def test_a_certificate_that_is_not_trusted_is_no_reason_to_try_again(certificate: Path) -> None:
    with tls(certificate) as source:
        sentence, tries = refusal(source, InvalidSettings, r"FRED cannot be trusted \(TLS: self.signed certificate\)")
    assert "REQUESTS_CA_BUNDLE" in sentence
    assert tries == 0


def test_an_address_that_the_certificate_is_not_for_is_named(
    monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with tls(certificate) as source:
        words = r"TLS: IP address mismatch.* by REQUESTS_CA_BUNDLE="
        refusal(source.replace("localhost", "127.0.0.1"), InvalidSettings, words)


def test_an_expired_certificate_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expired = new_certificate(tmp_path, timedelta(days=-1))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(expired))
    with tls(expired) as source:
        refusal(source, InvalidSettings, r"TLS: certificate has expired")


def test_a_server_that_speaks_no_tls_is_told(server: SourcesServer) -> None:
    source = f"fred+https://127.0.0.1:{server.port}/{SERIES}"
    refusal(source, Unavailable, r"FRED cannot be reached safely \(TLS failed: WRONG_VERSION_NUMBER\)")


@pytest.mark.parametrize("variable", CERTIFICATES)
@pytest.mark.parametrize("command", ["movies", "cpi"])
def test_certificates_that_are_not_there_are_a_wrong_setting(
    server: SourcesServer,
    extract: Command,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variable: str,
    command: str,
) -> None:
    monkeypatch.setenv(variable, "/nowhere/ca.pem")
    source = {"movies": server.kaggle, "cpi": server.fred}[command]
    result = extract(f"extract-{command}", f"--source={source}", "--version=7", f"--output=file://{tmp_path}/lake")
    assert result.exit_code == 78
    assert f"{variable}=/nowhere/ca.pem is not there: correct it, or unset it" in result.error
    assert server.requests == []


def test_certificates_that_are_none_are_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    refusal(f"fred:{SERIES}", InvalidSettings, r"ca\.pem holds no certificates that can be read")


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 70}.example", "127.0.0.1:99999", "127.0.0.1:port", "[::1"])
@pytest.mark.parametrize("kind", ["kaggle", "fred"])
def test_an_address_that_is_none_is_a_wrong_setting(host: str, kind: str) -> None:
    if kind == "fred":
        source = sources.cpi(f"fred+http://{host}/{SERIES}", "", IMPATIENT)
    else:
        source = sources.movies(f"kaggle+http://{host}/a/b", IMPATIENT)
    with capture_logs() as events, pytest.raises(InvalidSettings, match=r"the address of .* is none"):
        source.version("")
    assert events == []


def test_a_host_whose_name_nobody_knows_is_told_and_tried_again() -> None:
    _, tries = refusal(f"fred+http://{ELSEWHERE}/{SERIES}", Unavailable, "FRED is unreachable .*[Nn]ame")
    assert tries == IMPATIENT.attempts - 1


def test_a_server_that_hangs_up_without_a_word_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def hang_up() -> None:
            for _ in range(IMPATIENT.attempts):
                door.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        port = door.getsockname()[1]
        refusal(f"fred+http://127.0.0.1:{port}/{SERIES}", Unavailable, "FRED is unreachable|was cut")
        thread.join()
