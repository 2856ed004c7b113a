"""The commands as processes: versions, exit codes, kills, two at once, a full disk."""

import hashlib
import json
import os
import pty
import shutil
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from movalytics_extract.members import REQUIRED

from tests.integration.extract.conftest import TINY, Command, ended
from tests.integration.extract.sources_server import KEY, USERNAME, Fault, SourcesServer

Start = Callable[..., "subprocess.Popen[str]"]


def discover(extract: Command, tmp_path: Path, movies: str, cpi: str) -> tuple[str, str]:
    """The two versions that discover writes."""
    to = [f"--movies-version-to={tmp_path}/m", f"--cpi-version-to={tmp_path}/c"]
    result = extract("discover", f"--movies={movies}", "--movies-version=", f"--cpi={cpi}", "--cpi-vintage=", *to)
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    return (tmp_path / "m").read_text(), (tmp_path / "c").read_text()


def movies_arguments(source: str, version: str, lake: Path) -> list[str]:
    return ["extract-movies", f"--source={source}", f"--version={version}", f"--output=file://{lake}"]


def digests(place: Path) -> dict[str, str]:
    """Name → digest of all that is visible in a place of the lake."""
    visible = [path for path in place.iterdir() if not path.name.startswith(".")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in visible}


def test_discovers_and_lands_files(extract: Command, tmp_path: Path) -> None:
    movies, cpi = discover(extract, tmp_path, str(TINY), str(TINY))
    lake = tmp_path / "lake"
    record = ["--record=file://" + str(tmp_path / "record.json"), "--debug=false"]
    assert extract(*movies_arguments(str(TINY), movies, lake / "movies"), *record).exit_code == 0
    arguments = ["extract-cpi", f"--source={TINY}", "--vintage=", f"--version={cpi}", f"--output=file://{lake}/cpi"]
    assert extract(*arguments).exit_code == 0
    members = {*REQUIRED, "keywords.csv"}
    assert set(digests(lake / "movies")) == {*members, "origin.json", "_files.json"}
    assert (lake / "cpi" / "CUSR0000SS62031.csv").read_bytes() == (TINY / "CUSR0000SS62031.csv").read_bytes()
    written = json.loads((tmp_path / "record.json").read_text())
    assert (written["step"], written["files"], written["landed"]) == ("extract-movies", len(members), True)


def test_discovers_and_lands_from_kaggle_and_fred(server: SourcesServer, extract: Command, tmp_path: Path) -> None:
    movies, cpi = discover(extract, tmp_path, server.kaggle, server.fred)
    assert movies == "7"
    result = extract(*movies_arguments(server.kaggle, movies, tmp_path / "lake/movies"))
    assert (result.exit_code, result.stdout) == (0, "")
    arguments = ["extract-cpi", f"--source={server.fred}", f"--version={cpi}", f"--output=file://{tmp_path}/lake/cpi"]
    assert extract(*arguments).exit_code == 0
    assert (tmp_path / "lake/cpi/_files.json").exists()


def test_a_second_run_changes_nothing(extract: Command, tmp_path: Path) -> None:
    movies, _ = discover(extract, tmp_path, str(TINY), str(TINY))
    arguments = movies_arguments(str(TINY), movies, tmp_path / "lake")
    extract(*arguments)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "lake").iterdir()}
    assert extract(*arguments).events[-1]["landed"] is False
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "lake").iterdir()} == before


def test_the_same_content_from_another_place_is_the_same_version_and_keeps_its_first_origin(
    extract: Command, tmp_path: Path
) -> None:
    shutil.copytree(TINY, tmp_path / "a copy")
    lake = tmp_path / "lake"
    for source in (TINY, tmp_path / "a copy"):
        movies, cpi = discover(extract, tmp_path, str(source), str(source))
        assert extract(*movies_arguments(str(source), movies, lake / "movies")).exit_code == 0
        arguments = [f"--source={source}", f"--version={cpi}", f"--output=file://{lake}/cpi"]
        assert extract("extract-cpi", *arguments).exit_code == 0
    origin = json.loads((lake / "movies/origin.json").read_text())
    assert (origin["source"], origin["files"]["ratings.csv"]) == (str(TINY), f"{TINY}/ratings.csv")
    origin = json.loads((lake / "cpi/origin.json").read_text())
    assert origin["files"] == {"CUSR0000SS62031.csv": f"{TINY}/CUSR0000SS62031.csv"}


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["--source=/nowhere", "--version=x"], 66, "/nowhere is not there"),
        (["--source=kaggle:", "--version=7"], 78, "write kaggle:OWNER/SLUG"),
        ([f"--source={TINY}/links.csv", "--version=x"], 65, "is neither a directory nor a zip archive"),
        ([f"--source={TINY}", "--version=files-0"], 75, "changed since it was discovered as files-0: run again"),
        (["--source=kaggle+http://127.0.0.1:9/a/b", "--version=latest"], 78, "'latest' is not a version"),
    ],
)
def test_fails_with_one_sentence_and_its_code(
    extract: Command, tmp_path: Path, arguments: list[str], exit_code: int, words: str
) -> None:
    result = extract("extract-movies", *arguments, f"--output=file://{tmp_path}/lake")
    assert result.exit_code == result.events[-1]["exit_code"] == exit_code
    assert words in result.error
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_shows_the_traceback_when_asked(extract: Command, tmp_path: Path) -> None:
    result = extract("extract-movies", "--source=/nowhere", "--version=x", f"--output=file://{tmp_path}", "--debug")
    assert "Traceback" in result.stderr


def test_says_that_there_are_no_credentials(extract: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAGGLE_USERNAME")
    result = extract(*movies_arguments("kaggle:rounakbanik/the-movies-dataset", "7", tmp_path / "lake"))
    assert result.exit_code == 77
    assert "there are no Kaggle credentials: set KAGGLE_USERNAME and KAGGLE_KEY" in result.error
    assert result.stdout == ""


def test_credentials_are_never_told(server: SourcesServer, extract: Command, tmp_path: Path) -> None:
    server.misbehave("GetDataset", Fault(status=403))
    to = [f"--movies-version-to={tmp_path}/m", f"--cpi-version-to={tmp_path}/c"]
    result = extract("discover", f"--movies={server.kaggle}", f"--cpi={TINY}", *to, "--debug")
    assert result.exit_code == 77
    assert KEY not in result.stderr
    assert USERNAME not in result.stderr


@pytest.mark.parametrize("member", ["links.csv", "movies_metadata.csv", "ratings.csv"])
def test_completes_what_a_kill_left(
    server: SourcesServer, extract: Command, start: Start, tmp_path: Path, member: str
) -> None:
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    assert extract(*movies_arguments(server.kaggle, "7", undisturbed)).exit_code == 0
    reached, never = threading.Event(), threading.Event()
    server.misbehave(f"storage:{member}", Fault(midway=lambda: (reached.set(), never.wait(60))))
    process = start(*movies_arguments(server.kaggle, "7", disturbed))
    assert reached.wait(60)
    process.kill()
    process.wait()
    never.set()
    assert not (disturbed / "_files.json").exists()
    assert extract(*movies_arguments(server.kaggle, "7", disturbed)).exit_code == 0
    assert digests(disturbed) == digests(undisturbed)


def test_two_at_once_both_succeed(server: SourcesServer, start: Start, tmp_path: Path) -> None:
    both_are_there = threading.Barrier(2, timeout=60)
    server.misbehave("storage:ratings.csv", *[Fault(before=both_are_there.wait)] * 2)
    processes = [start(*movies_arguments(server.kaggle, "7", tmp_path / "lake")) for _ in range(2)]
    results = [ended(process) for process in processes]
    assert [result.exit_code for result in results] == [0, 0], results
    listing = json.loads((tmp_path / "lake" / "_files.json").read_text())
    found = digests(tmp_path / "lake")
    assert {file["name"]: file["sha256"] for file in listing["files"]}.items() <= found.items()


def test_says_that_the_disk_is_full_and_leaves_nothing(tmp_path: Path) -> None:
    """A lake on a file system of 64 KB, in a namespace of its own."""
    lake = tmp_path / "lake"
    lake.mkdir()
    mount = f"mount -t tmpfs -o size=64k none '{lake}'"
    alone = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    if not shutil.which("unshare") or subprocess.run([*alone, mount], capture_output=True).returncode:
        pytest.skip("no mount namespace can be made here")
    versions = f"--movies-version-to={tmp_path}/m --cpi-version-to={tmp_path}/c"
    program = f"'{sys.executable}' -m movalytics_extract"
    script = f"""{mount} && {program} discover --movies='{TINY}' --cpi='{TINY}' {versions} &&
        {program} extract-movies --source='{TINY}' --version=$(cat '{tmp_path}/m') --output='file://{lake}/raw'
        echo "exit $?"; ls -A '{lake}/raw'"""
    result = subprocess.run([*alone, script], capture_output=True, text=True)
    code, *left = result.stdout.splitlines()
    failed = json.loads(result.stderr.splitlines()[-1])
    assert code == "exit 74"
    assert failed["error"].startswith(f"no space left to write file://{lake}/raw/")
    assert failed["error"].endswith("free some space and run again")
    assert "_files.json" not in left
    assert not [name for name in left if name.startswith(".")]


def test_shows_a_bar_when_a_person_watches(tmp_path: Path, extract: Command) -> None:
    movies, _ = discover(extract, tmp_path, str(TINY), str(TINY))
    terminal, of_the_process = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    command = [sys.executable, "-m", "movalytics_extract", *movies_arguments(str(TINY), movies, tmp_path / "lake")]
    process = subprocess.Popen(command, stderr=of_the_process, env=os.environ | {"TERM": "xterm"})
    os.close(of_the_process)
    shown = b""
    while block := _read(terminal):
        shown += block
    os.close(terminal)
    assert process.wait(60) == 0
    assert b"%|" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says EIO when the other side is closed
        return b""


def test_the_server_of_sources_is_a_program_too(extract: Command, tmp_path: Path) -> None:
    program = Path(__file__).with_name("sources_server.py")
    command = [sys.executable, str(program), f"--directory={TINY}", "--host=127.0.0.1", "--port=0", "--storage-port=0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        port = process.stdout.readline().split()[1]
        source = f"kaggle+http://127.0.0.1:{port}/rounakbanik/the-movies-dataset"
        assert extract(*movies_arguments(source, "7", tmp_path / "lake")).exit_code == 0
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 0
