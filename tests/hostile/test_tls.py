"""TLS to the warehouse: a certificate that has run out is refused in one sentence, however much it is trusted."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.redshift.address import parse_address
from movalytics_warehouse.redshift.connection import connect

from tests.hostile.told import is_a_sentence
from tests.integration.conftest import start_standin, stop_standin


def certificate(folder: Path, ended: dt.timedelta) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself and ended so long ago, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    end = dt.datetime.now(dt.UTC) - ended
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(end - dt.timedelta(days=9))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(key.private_bytes(*plain))
    return folder / "server.crt", folder / "server.key"


@contextmanager
def served(folder: Path, ended: dt.timedelta) -> Iterator[str]:
    """The address of a stand-in whose certificate ended so long ago, and is trusted."""
    trusted, key = certificate(folder, ended)
    process, standin = start_standin(folder, f"--tls-certificate={trusted}", f"--tls-key={key}")
    try:
        yield f"redshift://awsuser@{standin.host}:{standin.port}/dev?sslrootcert={trusted}"
    finally:
        stop_standin(process)


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    with served(tmp_path, ended=dt.timedelta(hours=1)) as address:
        for mode in ("verify-full", "verify-ca"):
            with pytest.raises(
                InvalidSettings, match=r"no trusted TLS connection .*certificate verify failed"
            ) as caught:
                connect(parse_address(f"{address}&sslmode={mode}"))
            assert is_a_sentence(str(caught.value))


def test_the_same_certificate_is_taken_an_hour_before_its_end(tmp_path: Path) -> None:
    with served(tmp_path, ended=dt.timedelta(hours=-1)) as address:
        connect(parse_address(address)).close()
