"""The server's side of TLS: with the certificate it is given, else with one of its own, made on its first start."""

import ipaddress
import socket
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redshift_local.errors import InvalidData, InvalidSettings, MissingInput

VALID = timedelta(days=825)  # the longest that macOS trusts
RENEWED = timedelta(days=700)


def given(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """With the files that the options name, None when they name none.

    Raises InvalidSettings, MissingInput, InvalidData.
    """
    if (certificate is None) != (key is None):
        raise InvalidSettings("--tls-certificate and --tls-key belong together: give both or none")
    if certificate is None or key is None:
        return None
    try:
        return _loaded(certificate, key)
    except FileNotFoundError as error:
        raise MissingInput(f"{certificate} or {key} is not there") from error
    except ssl.SSLError as error:
        raise InvalidData(f"{certificate} and {key} are not a pair of PEM files") from error


def own(data: Path) -> ssl.SSLContext:
    """With `certificate.pem` and `key.pem` of the data directory, made anew where they are missing, spoilt or old."""
    certificate, key = data / "certificate.pem", data / "key.pem"
    with suppress(OSError, ssl.SSLError):  # whatever is wrong with them, they are ours to make again
        if time.time() - certificate.stat().st_mtime < RENEWED.total_seconds():
            return _loaded(certificate, key)
    data.mkdir(parents=True, exist_ok=True)
    _make(certificate, key)
    return _loaded(certificate, key)


def _loaded(certificate: Path, key: Path) -> ssl.SSLContext:
    loaded = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    loaded.load_cert_chain(certificate, key)
    return loaded


def _make(certificate: Path, key: Path) -> None:
    """A certificate that signs itself, for this machine's names; the file is what a client is given to trust."""
    from cryptography import x509  # noqa: PLC0415 needed at the first start only, and slow to load
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "local stand-in for Redshift")])
    hosts = [x509.DNSName(host) for host in sorted({"localhost", socket.gethostname()}) if host.isascii()]
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([*hosts, *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key.unlink(missing_ok=True)
    key.touch(mode=0o600)
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
