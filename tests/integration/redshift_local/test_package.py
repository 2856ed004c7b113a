"""The stand-in as a package of its own: its wheel holds all it needs, and serves where nothing else of ours is."""

import ast
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pyarrow as pa
import pytest

from tests.integration.conftest import start_standin, stop_standin
from tests.integration.redshift_local.conftest import Client, WriteManifest

SOURCE = Path("images/redshift_local").resolve()
FORBID = "import sys\nsys.modules.update(dict.fromkeys({names!r}))\n"  # what is None there cannot be imported
OURS = ("movalytics_common", "movalytics_extract", "movalytics_spark", "movalytics_warehouse", "movalytics_workflows")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, as an installer lays them down; what builds it is in uv's cache since the components are."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    build = [uv, "build", "--quiet", "--wheel", "--out-dir", folder, SOURCE]
    if subprocess.run([*build, "--offline"], capture_output=True).returncode:
        subprocess.run(build, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder / "site")
    return folder / "site"


@pytest.fixture
def distribution(unpacked: Path) -> Distribution:
    """What the wheel says of itself."""
    (information,) = unpacked.glob("*.dist-info")
    return PathDistribution(information)


def imported(module: Path) -> set[str]:
    """The top-level packages that a module imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(module.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom)}}


def test_the_wheel_holds_every_file_of_the_package(unpacked: Path) -> None:
    def files(folder: Path) -> set[str]:
        found = (path for path in (folder / "redshift_local").rglob("*") if path.is_file())
        return {str(path.relative_to(folder)) for path in found if "__pycache__" not in path.parts}

    assert files(unpacked) == files(SOURCE)
    assert any(name.endswith(".sql") for name in files(unpacked))


def test_the_wheel_needs_nothing_of_ours(unpacked: Path, distribution: Distribution) -> None:
    needed = {name for module in (unpacked / "redshift_local").rglob("*.py") for name in imported(module)}
    assert not needed & set(OURS)
    assert not [line for line in distribution.requires or () if "movalytics" in line]


def test_the_wheel_says_what_it_is_and_under_which_licence(distribution: Distribution) -> None:
    assert distribution.metadata["License-Expression"] == "Apache-2.0"
    assert distribution.read_text("licenses/LICENSE") == Path("LICENSE").read_text()
    assert (SOURCE / "README.md").read_text() in str(distribution.metadata.get_payload())


def test_the_wheel_serves_queries_and_loads_where_nothing_else_of_ours_is(
    unpacked: Path, made_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_manifest: WriteManifest
) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(made_data, elsewhere / "data")
    (unpacked / "sitecustomize.py").write_text(FORBID.format(names=OURS))
    monkeypatch.setenv("PYTHONPATH", str(unpacked))
    monkeypatch.chdir(elsewhere)
    process, standin = start_standin(elsewhere)
    client = Client(standin.connect())
    client.run("CREATE TABLE films (id INT, title VARCHAR(6))")
    client.copy("films", write_manifest(pa.table({"id": pa.array([1], pa.int32()), "title": ["Heat"]})))
    assert client.run("SELECT nvl(title, '') FROM films") == [("Heat",)]
    client.connection.close()
    assert stop_standin(process) == 0


def test_the_wheel_s_command_is_redshift_local(unpacked: Path, distribution: Distribution) -> None:
    (command,) = (point for point in distribution.entry_points if point.group == "console_scripts")
    start = f"import sys; from {command.module} import {command.attr}; sys.exit({command.attr}(['--help']))"
    done = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, cwd=unpacked)
    assert done.stdout.startswith(f"usage: {command.name} ")
