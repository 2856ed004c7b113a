"""The README, the Makefile and the components say the same."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPONENTS = sorted(path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("*/pyproject.toml")) + sorted(
    path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("images/*/pyproject.toml")
)


def test_every_make_target_named_in_the_documents_exists():
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("images/*/README.md"),
        *ROOT.glob("*/README.md"),
    ]
    named = {
        target
        for document in documents
        for target in re.findall(r"`?\bmake ([a-z][a-z0-9-]+)\b(?=[`\s#])", document.read_text())
    }
    prose = {"a", "it", "the", "sure", "one", "two"}
    assert named - prose <= targets


def test_every_folder_named_in_the_readme_exists():
    folders = re.findall(r"`([a-z_]+(?:/[a-z_]+)*)/`", (ROOT / "README.md").read_text())
    created_by_a_run = {".movalytics", "rejected"}
    assert folders
    assert [folder for folder in folders if folder not in created_by_a_run and not (ROOT / folder).is_dir()] == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_has_a_lock_with_hashes_and_without_hosts(component):
    lock = (ROOT / component / "requirements.lock").read_text()
    requirements = [line for line in lock.splitlines() if line and not line.startswith((" ", "#", "-"))]
    assert requirements
    assert [line for line in requirements if not line.endswith(" \\")] == []  # hashes follow
    assert "://" not in lock


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_locks_everything_it_declares(component):
    project = tomllib.loads((ROOT / component / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[<>=;~! ]", requirement)[0].lower() for requirement in project["dependencies"]}
    locked = {line.split("==")[0].lower() for line in (ROOT / component / "requirements.lock").read_text().splitlines()}
    assert {name for name in names if not name.startswith("movalytics-")} <= {name.split("[")[0] for name in locked}
