"""Each command of the runbook is one that its tool knows, with its options, and values of the chart."""

import re
import shlex
import shutil
import subprocess
from functools import cache

import pytest

from tests.cluster.chart import NEEDS_HELM, ROOT, environment, rendered
from tests.runbook import commands

TOOLS = ["argo", "helm", "kubectl"]
SET = re.compile(r"--set(?:-string)?[ =](?:\"[^\"]*\"|[^\s\"`])+")
OTHERS = ("hook.", "spark.jobNamespaces")  # values of the Spark Operator's chart
GROUPS = {"cron", "config", "create", "secret"}  # whose next word is a command, too


@cache
def _help(*words: str) -> str:
    done = subprocess.run([*words, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return done.stdout


@cache
def _common(tool: str) -> str:
    """Options of all commands, which kubectl's own pages leave out."""
    if tool != "kubectl":
        return ""
    return subprocess.run([tool, "options"], capture_output=True, text=True, check=True).stdout


def command_of(words: list[str]) -> list[str]:
    """The words that name it: `cron get` of `cron get movalytics-daily`."""
    named = 1
    while words[named - 1] in GROUPS and named < len(words) and not words[named].startswith("-"):
        named += 1
    return words[:named]


@pytest.mark.parametrize("tool", TOOLS)
def test_commands_and_their_options_exist(tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not on PATH")
    found = commands(tool)
    assert len(found) > 5
    for words in found:
        page = _help(tool, *command_of(words)) + _common(tool)
        assert re.search(rf"^ +{tool} {' '.join(command_of(words))}\b", page, re.MULTILINE), words
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert [one for one in options if not re.search(rf"(?<![\w-]){re.escape(one)}[ ,=\[]", page)] == [], words


def settings() -> list[str]:
    """What the documents set in the chart, as a shell is given it."""
    texts = [(ROOT / name).read_text() for name in ("README.md", "helm/README.md", "helm/RUNBOOK.md")]
    found = {match for text in texts for match in SET.findall(text)}
    return sorted(one for one in found if not one.split(maxsplit=1)[1].strip('"').startswith(OTHERS))


@NEEDS_HELM
@pytest.mark.parametrize("setting", settings())
def test_the_chart_takes_what_the_documents_set(setting: str) -> None:
    assert rendered(environment("dev"), *shlex.split(setting))
