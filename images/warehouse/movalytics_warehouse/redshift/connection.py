"""One connection to the warehouse, and what may go wrong in making it, each as one sentence."""

import psycopg2
from movalytics_common.errors import AccessDenied, InvalidSettings, MissingInput, PipelineError, Unavailable
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.redshift.address import Address
from movalytics_warehouse.redshift.credentials import login

CONNECT_SECONDS = 15
# Not every message with "SSL" is about trust: a connection that drops says "SSL SYSCALL error".
TLS_WORDS = ("certificate", "ssl error", "does not support ssl", "sslmode", "sslrootcert", "no encryption")


def connect(address: Address) -> Connection:
    """A new connection, not in autocommit. Raises AccessDenied, InvalidSettings, MissingInput, Unavailable."""
    user, password = login(address)
    try:
        connection: Connection = psycopg2.connect(
            host=address.host,
            port=address.port,
            dbname=address.database,
            user=user,
            password=password,  # None leaves it to PGPASSWORD or PGPASSFILE
            sslmode=address.sslmode,
            sslrootcert=address.sslrootcert or ("system" if address.sslmode == "verify-full" else None),
            application_name="movalytics",
            connect_timeout=CONNECT_SECONDS,
            # Redshift is often reached through a gateway that forgets idle connections during a long COPY.
            keepalives=1,
            keepalives_idle=60,
            keepalives_interval=10,
            keepalives_count=6,
        )
    except psycopg2.OperationalError as error:
        raise as_pipeline_error(str(error), address) from error
    return connection


def as_pipeline_error(message: str, address: Address) -> PipelineError:
    """libpq gives no SQLSTATE for a failed connection: its words are all there is."""
    reason = " ".join(message.split())
    said = reason.lower()
    if "authentication method 13" in said:
        return AccessDenied(
            f"the password of {address.user} at {address} is stored as SHA-256, which libpq cannot answer: "
            "set it anew as md5, or use IAM credentials"
        )
    if "authentication failed" in said or "no password supplied" in said or "pg_hba" in said:
        return AccessDenied(f"{address} refused the user {address.user} or the password: check PGPASSWORD ({reason})")
    if "translate host name" in said and "temporary failure" not in said:  # that one is the name service's own silence
        return InvalidSettings(f"the host name {address.host} is unknown: check --warehouse and the network ({reason})")
    if any(words in said for words in TLS_WORDS):
        return InvalidSettings(
            f"no trusted TLS connection to {address}: check sslmode and sslrootcert in --warehouse ({reason})"
        )
    if "database" in said and "does not exist" in said:
        return MissingInput(f"there is no database {address.database} at {address.host}:{address.port}: create it")
    return Unavailable(f"the warehouse {address} does not answer: {reason}")
