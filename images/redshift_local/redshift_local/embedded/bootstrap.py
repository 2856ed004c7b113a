"""Prepares the embedded server: Redshift's functions and system views in every database, a first user and database."""

import hashlib
from pathlib import Path

from redshift_local.compat.scripts import SCRIPTS
from redshift_local.embedded import backend
from redshift_local.embedded.backend import Backend
from redshift_local.quoting import literal, quoted

TEMPLATE = "template1"


async def prepare(sockets: Path, user: str, database: str, password: str | None) -> None:
    """Make the running server ready for clients; everything may be there already. Raises BackendError."""
    async with backend.connect(sockets, TEMPLATE) as connection:
        await _install(connection)
        await connection.query("DROP DATABASE IF EXISTS postgres")  # Redshift has none
        await _ensure_user(connection, user, password)
        await _ensure_database(connection, database, user)
        databases = await connection.query(
            f"SELECT datname FROM pg_database WHERE datallowconn AND datname <> '{TEMPLATE}'"  # noqa: S608 ours
        )
    for (name,) in databases:
        async with backend.connect(sockets, str(name)) as connection:
            await _install(connection)


async def _install(connection: Backend) -> None:
    """Run the scripts unless this database has this very version of them."""
    script = "\n".join(part.read_text() for part in SCRIPTS)
    digest = hashlib.sha256(script.encode()).hexdigest()
    rows = await connection.query(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'rs_compat'"
    )
    if rows == [(digest,)]:
        return
    await connection.query(f"BEGIN; {script}; COMMENT ON SCHEMA rs_compat IS '{digest}'; COMMIT")


async def _ensure_user(connection: Backend, user: str, password: str | None) -> None:
    known = await connection.query(f"SELECT 1 FROM pg_roles WHERE rolname = {literal(user)}")  # noqa: S608 a literal of ours
    verb = "ALTER" if known else "CREATE"
    secret = f" PASSWORD {literal(password)}" if password else ""
    await connection.query(f"{verb} ROLE {quoted(user)} SUPERUSER LOGIN{secret}")


async def _ensure_database(connection: Backend, database: str, owner: str) -> None:
    known = f"SELECT 1 FROM pg_database WHERE datname = {literal(database)}"  # noqa: S608 a literal of ours
    if not await connection.query(known):
        await connection.query(f"CREATE DATABASE {quoted(database)} OWNER {quoted(owner)}")
