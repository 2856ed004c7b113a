"""One command at a time in a home, and the second one learns who the first is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from movalytics_workflows.local.errors import LockHeld
from movalytics_workflows.local.lock import locked

HOLD = """
import sys, time
from pathlib import Path
from movalytics_workflows.local.lock import locked
with locked(Path(sys.argv[1]), "make run"):
    print("held", flush=True)
    time.sleep(100)
"""


def test_the_second_command_is_told_who_holds_the_lock_and_since_when(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with (
        locked(lock, "make run"),
        pytest.raises(LockHeld, match=rf"make run \(process {os.getpid()}, since \d{{4}}-.*\) is at work in"),
        locked(lock, "serve"),
    ):
        pass
    assert LockHeld.exit_code == 82


def test_the_lock_is_free_again_when_its_holder_was_killed(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockHeld, match=str(holder.pid)), locked(lock, "make run"):
            pass
        holder.kill()
        holder.wait()
    with locked(lock, "make run"):
        pass
