"""Spark gets a Java it knows, and a wrong JAVA_HOME is told in one sentence."""

import subprocess
from pathlib import Path

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_workflows.local.java import java_home


def fake_java(home: Path, version: str) -> Path:
    """A JAVA_HOME whose java says it is of this version."""
    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    words = f"Property settings:\\n    java.home = {home}\\n    java.specification.version = {version}\\n"
    java.write_text(f"#!/bin/sh\nprintf '{words}' >&2\n")
    java.chmod(0o755)
    return home


@pytest.mark.parametrize("version", ["17", "21"])
def test_takes_java_home_when_it_is_17_or_21(tmp_path: Path, version: str) -> None:
    home = fake_java(tmp_path / "a java", version)
    assert java_home({"JAVA_HOME": str(home), "PATH": ""}, tmp_path / "wrapper", "1g") == home


@pytest.mark.parametrize("version", ["1.8", "11", "25"])
def test_a_java_home_of_another_version_is_an_error_although_path_has_a_good_one(tmp_path: Path, version: str) -> None:
    wrong, good = fake_java(tmp_path / "wrong", version), fake_java(tmp_path / "good", "17")
    with pytest.raises(InvalidSettings, match=rf"JAVA_HOME={wrong} is Java {version}, Spark needs 17 or 21: unset it"):
        java_home({"JAVA_HOME": str(wrong), "PATH": str(good / "bin")}, tmp_path / "wrapper", "1g")


def test_a_java_home_without_java_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="holds no Java that runs"):
        java_home({"JAVA_HOME": str(tmp_path), "PATH": ""}, tmp_path / "wrapper", "1g")


def test_takes_the_home_of_the_java_on_the_path(tmp_path: Path) -> None:
    home = fake_java(tmp_path / "jdk", "21")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "java").symlink_to(home / "bin" / "java")
    assert java_home({"PATH": str(tmp_path / "links")}, tmp_path / "wrapper", "1g") == home


@pytest.mark.parametrize("java_home_variable", [{}, {"JAVA_HOME": ""}])
def test_passes_over_another_java_on_the_path_for_the_packaged_one(
    tmp_path: Path, java_home_variable: dict[str, str]
) -> None:
    old = fake_java(tmp_path / "old", "11")
    found = java_home({"PATH": str(old / "bin"), **java_home_variable}, tmp_path / "a wrapper's", "1g")
    assert found == tmp_path / "a wrapper's"


def test_the_packaged_java_runs_although_the_option_it_does_not_know_is_given(tmp_path: Path) -> None:
    home = java_home({"PATH": ""}, tmp_path / "a wrapper's $HOME", "1g")
    command = [
        home / "bin" / "java",
        "-Dx=a b",
        "--add-modules=jdk.incubator.vector",
        "-XshowSettings:properties",
        "-version",
    ]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 0
    assert "x = a b" in answer.stderr
    assert "java.specification.version = 21" in answer.stderr
