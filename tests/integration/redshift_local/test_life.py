"""The stand-in's life: starting, stopping, being killed, and coming back."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg2
import pytest

from tests.integration.conftest import Standin, start_standin, stop_standin

Start = Callable[..., "tuple[subprocess.Popen[bytes], Standin]"]


@pytest.fixture
def start(tmp_path: Path, made_data: Path) -> Iterator[Start]:
    """Starts stand-ins in one directory, whose name has a blank; none survives the test."""
    folder = tmp_path / "stand in"
    shutil.copytree(made_data, folder / "data")
    started = []

    def begin(*options: str) -> "tuple[subprocess.Popen[bytes], Standin]":
        (folder / "address").unlink(missing_ok=True)
        process, standin = start_standin(folder, *options)
        started.append(process)
        return process, standin

    yield begin
    for process in started:
        stop_standin(process)


def servers_of(standin: Standin) -> list[int]:
    """The embedded server's processes: those that work in the data directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == standin.data / "postgres":
                found.append(int(process.name))
        except OSError:
            continue
    return found


def wait_until(reached: Callable[[], bool]) -> None:
    """Wait for it, at most half a minute."""
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def fails(*options: str) -> str:
    """A start that must fail at once, with one sentence; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "redshift_local", *options], capture_output=True, text=True, timeout=60
    )
    assert done.returncode not in {0, 70}
    assert "Traceback" not in done.stderr
    return done.stderr


def fill(standin: Standin) -> None:
    """Commit a row."""
    connection = standin.connect()
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE films (title VARCHAR(20)); INSERT INTO films VALUES ('Heat')")
    connection.close()


def titles(standin: Standin) -> list[tuple]:
    """All rows."""
    connection = standin.connect()
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT title FROM films")
        found = cursor.fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_stops_when_asked_and_leaves_no_process(start: Start, sign: signal.Signals) -> None:
    process, standin = start()
    fill(standin)
    idle = standin.connect()
    assert servers_of(standin)
    process.send_signal(sign)
    assert process.wait(30) == 0
    assert not servers_of(standin)
    assert not (standin.data.parent / "address").exists()
    idle.close()


def test_data_survive_a_stop(start: Start) -> None:
    process, standin = start()
    fill(standin)
    assert stop_standin(process) == 0
    _, standin = start()
    assert titles(standin) == [("Heat",)]


def test_committed_data_survive_kill_9_and_nothing_is_left_running(start: Start) -> None:
    process, standin = start()
    fill(standin)
    process.kill()
    process.wait()
    wait_until(lambda: not servers_of(standin))
    _, standin = start()
    assert titles(standin) == [("Heat",)]


def test_data_survive_kill_9_of_every_process_at_once(start: Start) -> None:
    process, standin = start()
    fill(standin)
    for each in [*servers_of(standin), process.pid]:
        with suppress(ProcessLookupError):  # the first deaths end the others
            os.kill(each, signal.SIGKILL)
    process.wait()
    _, standin = start()
    assert titles(standin) == [("Heat",)]


def test_an_orphaned_server_is_ended_before_the_next_start(start: Start) -> None:
    process, standin = start()
    fill(standin)
    orphans = servers_of(standin)
    for each in orphans:
        with suppress(ProcessLookupError):  # what served the client that has just left
            os.kill(each, signal.SIGSTOP)  # so that it cannot end itself when its parent dies
    process.kill()
    process.wait()
    _, standin = start()
    assert titles(standin) == [("Heat",)]
    assert not set(orphans) & set(servers_of(standin))


def test_the_work_of_a_killed_client_is_undone_and_its_lock_gone(start: Start) -> None:
    _, standin = start()
    fill(standin)
    holder = f"""
import psycopg2, sys
connection = psycopg2.connect(host={standin.host!r}, port={standin.port}, user="awsuser", dbname="dev")
cursor = connection.cursor()
cursor.execute("LOCK films; INSERT INTO films VALUES ('Alien')")
print("locked", flush=True)
cursor.execute("SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d")
"""
    with subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"locked\n"
        client.kill()
    assert titles(standin) == [("Heat",)]


def test_a_server_that_dies_ends_the_stand_in_with_a_sentence(start: Start) -> None:
    process, standin = start()
    parent = min(servers_of(standin))
    os.kill(parent, signal.SIGKILL)
    assert process.wait(30) == 75
    assert "ended" in (standin.data.parent / "log").read_text()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = fails(f"--data={tmp_path / 'data'}", f"--port={port}")
    assert f"127.0.0.1:{port}" in said
    assert "--port" in said


def test_a_data_directory_in_use_is_named(start: Start) -> None:
    _, standin = start()
    said = fails(f"--data={standin.data}", "--port=0")
    assert "another stand-in is serving" in said


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in fails(f"--data={tmp_path / 'file' / 'data'}", "--port=0")


def test_a_corrupt_data_directory_is_named(start: Start) -> None:
    process, standin = start()
    stop_standin(process)
    control = standin.data / "postgres" / "global" / "pg_control"
    control.write_bytes(b"rubbish")
    said = fails(f"--data={standin.data}", "--port=0")
    assert "does not start" in said
    assert str(standin.data) in said


def test_an_interrupted_creation_is_made_good(start: Start) -> None:
    process, standin = start()
    stop_standin(process)
    (standin.data / "postgres").rename(standin.data / "postgres.new")
    (standin.data / "postgres.new" / "PG_VERSION").unlink()
    _, standin = start()
    fill(standin)


def test_a_hundred_analysts_are_served_and_a_run_beside_them(redshift_server: Standin) -> None:
    with ExitStack() as open_ones:
        for _ in range(101):
            connection = open_ones.enter_context(closing(redshift_server.connect()))
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                assert cursor.fetchall() == [(1,)]


def test_the_server_runs_unprivileged(start: Start) -> None:
    _, standin = start()
    status = Path(f"/proc/{min(servers_of(standin))}/status").read_text()
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
    owner = (standin.data / "postgres").stat().st_uid
    assert int(effective, 16) in {0, 2}  # none, or where user namespaces are forbidden CAP_DAC_OVERRIDE
    assert owner == os.geteuid() or os.geteuid() == 0


def test_a_password_is_asked_when_there_is_one(start: Start, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("It's \\ Secret1\n")
    _, standin = start(f"--password-file={secret}")
    standin.connect(password="It's \\ Secret1").close()
    for wrong in ("", "Secret1"):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            standin.connect(password=wrong)


def test_users_have_passwords_too(start: Start, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("Secret123")
    _, standin = start(f"--password-file={secret}")
    connection = standin.connect(password="Secret123")
    connection.autocommit = True
    connection.cursor().execute("CREATE USER ann PASSWORD 'Another123'")
    connection.close()
    standin.connect(user="ann", password="Another123").close()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        standin.connect(user="ann", password="Secret123")


def test_a_password_file_that_is_missing_or_empty_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n")
    assert "is empty" in fails(f"--data={tmp_path / 'data'}", "--port=0", f"--password-file={empty}")
    assert "not there" in fails(f"--data={tmp_path / 'data'}", "--port=0", f"--password-file={tmp_path / 'no'}")


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    """A data directory on a file system of 20 MB, in a mount namespace of its own."""
    mount = f"mount -t tmpfs -o size=20m none '{tmp_path}'"
    alone = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    if not shutil.which("unshare") or subprocess.run([*alone, mount], capture_output=True).returncode:
        pytest.skip("no mount namespace can be made here")
    serve = (
        f"'{sys.executable}' -m redshift_local --data='{tmp_path}/data' --port=0 --address-file='{tmp_path}/address'"
    )
    done = subprocess.run([*alone, f"{mount} && {serve}"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 74
    assert f"the disk of {tmp_path}/data is full" in done.stderr
    assert "free some space and start again" in done.stderr
