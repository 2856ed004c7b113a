"""Serves clients: listens, answers a connection's first messages, and ties the embedded server's life to ours."""

import asyncio
import signal
import socket
import ssl
import struct
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from uuid import uuid4

from redshift_local import log, protocol
from redshift_local.embedded import bootstrap
from redshift_local.embedded.backend import BackendError
from redshift_local.embedded.postgres import Postgres, refuse_full_disk
from redshift_local.errors import InvalidData, InvalidSettings, MissingInput, Unavailable
from redshift_local.serving import tls
from redshift_local.serving.session import Session

READ_BUFFER = 1 << 20
WARMED_UP = ("numpy", "pyarrow.parquet", "redshift_local.copying.load")  # the first COPY's, a part at a time


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    data: Path
    host: str
    port: int
    database: str
    user: str
    address_file: Path | None
    password_file: Path | None
    tls_certificate: Path | None
    tls_key: Path | None


def serve(options: Options) -> int:
    """Serve until SIGTERM or SIGINT; how many sessions there were. Raises StandInError."""
    password = _password(options.password_file)
    with _listening_socket(options) as listener:
        given = tls.given(options.tls_certificate, options.tls_key)
        return asyncio.run(Server(options, password, given).run(listener))


class Server:
    """The proxy and its embedded server."""

    def __init__(self, options: Options, password: str | None, given: ssl.SSLContext | None) -> None:
        self._options, self._password, self._given = options, password, given
        self._postgres = Postgres(options.data, with_passwords=password is not None)
        self._sessions: dict[bytes, Session] = {}
        self._clients: set[asyncio.Task[None]] = set()
        self._served = 0

    async def run(self, listener: socket.socket) -> int:
        """Start, serve, stop; how many sessions there were."""
        stop = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        try:
            await self._postgres.start()
            self._tls = self._given or tls.own(self._options.data)
            await self._prepare()
            server = await asyncio.start_server(self._accept, sock=listener, limit=READ_BUFFER)
            address = "{}:{}".format(*listener.getsockname()[:2])
            self._announce(address)
            log.info("ready", address=address, data=str(self._postgres.data))
            warm_up = asyncio.create_task(_warm_up())
            await self._until(stop)
            warm_up.cancel()
            server.close()
        finally:
            await self._shut_down()
        return self._served

    async def _prepare(self) -> None:
        try:
            await bootstrap.prepare(self._postgres.sockets, self._options.user, self._options.database, self._password)
        except BackendError as error:
            raise InvalidData(
                f"the database in {self._options.data} cannot be prepared: {error}; remove the directory to begin anew"
            ) from error

    async def _until(self, stop: asyncio.Event) -> None:
        stopped, ended = asyncio.create_task(stop.wait()), asyncio.create_task(self._postgres.ended())
        await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if ended.done():
            refuse_full_disk(self._options.data)
            raise Unavailable(f"the embedded server of {self._options.data} ended: see its postgres.log, start again")
        ended.cancel()

    async def _shut_down(self) -> None:
        if self._options.address_file:
            self._options.address_file.unlink(missing_ok=True)
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        await self._postgres.stop()

    def _announce(self, address: str) -> None:
        target = self._options.address_file
        if target is None:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{uuid4().hex}")
        temporary.write_text(address)
        temporary.replace(target)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._clients.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # the client left, or we stop: either way the session is over
        finally:
            self._clients.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            startup = await protocol.read_startup(reader)
            (code,) = struct.unpack_from("!i", startup)
            if code == protocol.SSL_REQUEST:
                if await _has_more(reader):  # who stands between us and the client may have put it there
                    return
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(self._tls)
            elif code == protocol.GSS_REQUEST:
                writer.write(b"N")
            elif code == protocol.CANCEL_REQUEST:
                await self._cancel(startup)
                return
            else:
                self._served += 1
                await Session(reader, writer, self._postgres.sockets, self._sessions).run(startup)
                return

    async def _cancel(self, request: bytes) -> None:
        session = self._sessions.get(request[4:])
        if session is not None:
            await session.cancel()


async def _has_more(reader: asyncio.StreamReader) -> bool:
    """Whether the client sent more than it may before it has our answer."""
    reading = asyncio.create_task(reader.read(1))
    await asyncio.sleep(0)
    came = reading.done()
    reading.cancel()
    await asyncio.wait({reading})
    return came


async def _warm_up() -> None:
    """Import what the first COPY needs, which takes longer than to start."""
    for name in WARMED_UP:
        await asyncio.to_thread(import_module, name)


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        password = path.read_text().strip()
    except FileNotFoundError as error:
        raise MissingInput(f"{path}, named by --password-file, is not there") from error
    if not password:
        raise InvalidSettings(f"{path}, named by --password-file, is empty: write the password into it")
    return password


def _listening_socket(options: Options) -> socket.socket:
    """Bound before anything else, so that a port in use is known at once.

    Its connections send at once: else an answer in two pieces waits for the client to acknowledge the first, 40 ms.
    """
    try:
        listener = socket.create_server((options.host, options.port), backlog=100)
    except OSError as error:
        raise Unavailable(
            f"cannot listen on {options.host}:{options.port} ({error.strerror}): stop what uses it,"
            " or choose another --port"
        ) from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted ones inherit it
    return listener
