"""A machine that cannot run us is told so in one sentence, before anything runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def movalytics(home: Path, *launcher: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`movalytics run`, which gets as far as the machine lets it."""
    command = [*launcher, sys.executable, "-m", "movalytics_workflows", "run", f"--home={home}"]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def is_one_sentence(answer: "subprocess.CompletedProcess[str]") -> bool:
    return answer.stderr.count("\n") == 1 and "Traceback" not in answer.stderr


@pytest.mark.parametrize("kilobytes", [1_000_000, 2_500_000])
def test_too_little_memory_for_java_is_said_before_anything_runs(tmp_path: Path, kilobytes: int) -> None:
    answer = movalytics(tmp_path / "home", "sh", "-c", f'ulimit -v {kilobytes}; exec "$@"', "sh")
    assert (answer.returncode, is_one_sentence(answer)) == (78, True), answer.stderr
    assert "Java cannot start with" in answer.stderr
    assert "ulimit -v unlimited" in answer.stderr
    assert not (tmp_path / "home" / "warehouse").exists()


def test_a_user_without_a_name_is_told_before_anything_runs(tmp_path: Path) -> None:
    alone = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("no user namespace can be made here")
    answer = movalytics(tmp_path / "home", *alone)
    assert (answer.returncode, is_one_sentence(answer)) == (78, True), answer.stderr
    assert "user 54321 has no name on this machine" in answer.stderr
