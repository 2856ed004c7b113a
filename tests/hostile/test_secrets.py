"""Secrets stand in nothing that a run prints or leaves, says to others or shows in the list of processes."""

import base64
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from movalytics_operations.messages import Message, Receiver
from movalytics_operations.notify import notify

from tests.hostile.secrets_planted import MARK, found_in_files, found_in_texts, planted, secret
from tests.integration.operations.hook import listening
from tests.integration.quick_java import TINY, quick_environment

IN_AN_ADDRESS = quote(secret("address"), safe="")


def ended(
    module: str, *arguments: str, environment: "dict[str, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    """A command, to its end."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


def test_a_secret_is_found_where_it_leaks(tmp_path: Path) -> None:
    for number, leak in enumerate([secret("a"), quote(secret("a"), safe=""), f"x{MARK}"]):
        (tmp_path / f"{number}.log").write_text(f'{{"error": "{leak}"}}')
    (tmp_path / "basic.log").write_bytes(base64.b64encode(f"cinephile:{secret('a')}".encode()))
    assert len(found_in_files(tmp_path)) == 4
    assert found_in_texts(["nothing", secret("b")])


@pytest.mark.parametrize(
    "arguments",
    [
        ["movalytics_extract", "discover", f"--movies=https://me:{IN_AN_ADDRESS}@host/x.zip?token={IN_AN_ADDRESS}"],
        ["movalytics_extract", "discover", f"--movies=kaggle+http://me:{IN_AN_ADDRESS}@127.0.0.1:9/owner/slug"],
        [
            "movalytics_warehouse",
            "query",
            f"--warehouse=redshift://me:{IN_AN_ADDRESS}@127.0.0.1:9/dev",
            "--sql=select 1",
        ],
        [
            "movalytics_warehouse",
            "query",
            "--warehouse=redshift://me@127.0.0.1:9/dev?sslmode=disable",
            "--sql=select 1",
        ],
    ],
    ids=["source", "mirror", "password", "warehouse"],
)
def test_what_is_refused_is_refused_without_its_secrets(tmp_path: Path, arguments: list[str]) -> None:
    module, verb, *rest = arguments
    if module == "movalytics_extract":
        rest += [
            "--cpi=fred:CUSR0000SS62031",
            f"--movies-version-to={tmp_path / 'a'}",
            f"--cpi-version-to={tmp_path / 'b'}",
        ]
    environment = {**os.environ, **planted(tmp_path / "home"), "NO_PROXY": "127.0.0.1"}
    answer = ended(module, verb, *rest, environment=environment)
    assert answer.returncode in {2, 65, 75, 77, 78}, answer.stderr
    assert found_in_texts([answer.stdout, answer.stderr]) == []


def test_a_hook_s_address_is_kept_to_ourselves(capsys: pytest.CaptureFixture[str]) -> None:
    message = Message("failure", "host:5439/dev", "plan: no password", {"run": "r"})
    key, template = secret("routing_key"), f'{{"token": "{secret("template")}", "text": "$nothing"}}'
    with listening() as hook:
        address = f"{hook.url}services/{IN_AN_ADDRESS}"
        for body in ("json", "slack", "template", secret("body")):
            notify(message, Receiver(address, body, key, template))
        told = [*hook.told]
    for address in (
        f"http://127.0.0.1:9/services/{IN_AN_ADDRESS}?token={IN_AN_ADDRESS}",
        f"http://me:{IN_AN_ADDRESS}@127.0.0.1:9/services",
        f"ftp://me:{IN_AN_ADDRESS}@host/",
        f"http://me:{secret('raw')}@host:port/ {MARK}",
    ):
        notify(message, Receiver(address, "pagerduty", key))
    said = capsys.readouterr()
    assert [one.get("run") or one["text"].splitlines()[0] for one in told] == [
        "r",
        "*Movalytics failed* r on host:5439/dev",
    ]
    assert found_in_texts([said.out, said.err, str(told)]) == []


@pytest.mark.slow
def test_a_run_leaves_no_secret(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {**quick_environment(), **planted(tmp_path / "user"), "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "movalytics_workflows", "run", f"--home={home}", f"--source={TINY}", "--debug"]
    with (tmp_path / "printed").open("wb") as printed:
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.STDOUT, env=environment)
        arguments = _arguments_while(process)
    printed_text = (tmp_path / "printed").read_text(errors="replace")
    assert process.returncode == 0, printed_text
    assert arguments
    assert found_in_texts([printed_text, *arguments]) == []
    assert found_in_files(home) == []
    own = (home / "password").read_text()
    assert found_in_texts([printed_text, *arguments], own) == []
    assert found_in_files(home, own) == [str(home / "password")]


def _arguments_while(process: "subprocess.Popen[bytes]") -> set[str]:
    """The command lines of the process and of all that it starts, looked at often."""
    found: set[str] = set()
    while process.poll() is None:
        try:
            root = psutil.Process(process.pid)
            for one in (root, *root.children(recursive=True)):
                found.add(" ".join(one.cmdline()))
        except psutil.Error:
            pass
        time.sleep(0.1)
    return found
