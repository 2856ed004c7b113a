"""The workflows' own steps with the arguments that they give them, scheduled as the local runner does it.

A step runs in this process, which is quick; one that is struck as a process of its own runs in one. What Spark would
make is put where it would put it: S3 takes more than a laptop's Spark has.
"""

import importlib
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from movalytics_common import lake, step
from movalytics_workflows.backfill import backfill
from movalytics_workflows.daily import daily
from movalytics_workflows.house import DAILY, RESTORE
from movalytics_workflows.local.grammar import substitute
from movalytics_workflows.local.graph import Graph, Step, read_graph
from movalytics_workflows.local.scheduler import Scheduler
from movalytics_workflows.local.scopes import Scope, resolve_parameters
from movalytics_workflows.local.spark import read_application
from movalytics_workflows.local.states import ERROR, FAILED
from movalytics_workflows.restore import restore
from movalytics_workflows.retention import retention

RETENTION, MISSING_DAY = "retention", "missing-day"
Transform = Callable[[Sequence[str]], None]


@dataclass(frozen=True)
class Ended:
    """How a workflow ended: 0, or the exit code and the sentence of the step that failed; what its steps put out."""

    exit_code: int
    step: str
    sentence: str
    outputs: Mapping[str, str]
    log: str


@cache
def graph(workflow: str) -> Graph:
    """A workflow's graph; one of a single step, or a step of one, as a graph of that alone."""
    if workflow == DAILY:
        return read_graph(daily().to_dict())
    if workflow == RESTORE:
        return read_graph(restore().to_dict())
    content = {RETENTION: retention, MISSING_DAY: backfill}[workflow]().to_dict()
    only = [one for one in content["spec"]["templates"] if one["name"] == workflow]
    alone = {"name": "alone", "dag": {"tasks": [{"name": workflow, "template": workflow}]}}
    content["spec"] |= {"entrypoint": "alone", "templates": [alone, *only]}
    content["spec"].pop("onExit", None)
    return read_graph(content)


@dataclass
class _Over:
    """A step that ran in this process."""

    code: int

    def poll(self) -> int:
        return self.code

    def stop(self) -> None:
        """It is over."""


class _Apart:
    """A step in a process of its own."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        with log.open("ab") as words:
            self.process = subprocess.Popen(command, stdout=words, stderr=words)

    def poll(self) -> int | None:
        return self.process.poll()

    def stop(self) -> None:
        """Ask it to end, as an orchestrator does."""
        self.process.terminate()

    def kill(self) -> None:
        """End it as nothing can prevent."""
        self.process.kill()
        self.process.wait()


@dataclass
class Launcher:
    """Starts steps: those of `apart` as processes of their own ("*": all)."""

    directory: Path
    transform: Transform
    apart: frozenset[str] = frozenset()
    wrap: Callable[[list[str]], list[str]] = list  # of a process' command
    beginning: Callable[[str], object] = str  # hears the name of each step that is about to start
    step: str = ""  # the last that was started in this process
    commands: dict[str, list[str]] = field(default_factory=dict)  # step → its own
    process: _Apart | None = None  # the last that was started, and the step that it is
    process_step: str = ""
    ready: threading.Event = field(default_factory=threading.Event)

    def log(self, step: Step) -> Path:
        """Where all attempts of the step say what they do."""
        return self.directory / f"{step.name}.log"

    def clear(self, step: Step) -> None:
        """Nothing is left."""

    def start(self, step: Step, values: Mapping[str, str]) -> _Over | _Apart:
        """Start an attempt of the step with these values for its names."""
        self.log(step).touch()
        self.beginning(step.name)
        if step.manifest:
            self.transform(read_application(step.manifest, values)["spec"]["arguments"])
            return _Over(0)
        command = self.commands[step.name] = [substitute(part, values) for part in step.command]
        if {step.name, "*"} & self.apart:
            self.ready.clear()
            self.process_step = step.name
            self.process = _Apart(self.wrap([sys.executable, *command[1:]]), self.log(step))
            self.ready.set()
            return self.process
        self.step = step.name
        return _Over(here(command, self.log(step)))

    def is_at_work(self, step: str) -> bool:
        """Whether the step is; two may be at once, of which at most one is here."""
        return step in {self.step, self.process_step}

    def kill(self) -> None:
        """Kill the process that runs now."""
        assert self.ready.wait(10)
        assert self.process
        self.process.kill()


def here(command: Sequence[str], log: Path) -> int:
    """Run `python -m MODULE ARGUMENT…` of a component in this process; its exit code."""
    main = importlib.import_module(f"{command[2]}.__main__")
    with log.open("a") as words, redirect_stderr(words), redirect_stdout(words):
        return step.run(main.build_parser(), lake.write_bytes, command[3:])


def run(workflow: str, name: str, launcher: Launcher, settings: Mapping[str, str], given: Mapping[str, str]) -> Ended:
    """A workflow to its end."""
    its_graph = graph(workflow)
    known = {parameter.name for parameter in its_graph.parameters}
    given = {key: text for key, text in given.items() if key in known}
    launcher.directory.mkdir(parents=True, exist_ok=True)
    scope = Scope(name, launcher.directory, resolve_parameters(its_graph, settings, given))
    scheduler = Scheduler(its_graph, scope, launcher, lambda _: None)  # type: ignore[arg-type]
    scheduler.run()
    failed = next((one for one in scheduler.states.values() if one.phase in {FAILED, ERROR}), None)
    logs = "".join(path.read_text(errors="replace") for path in sorted(launcher.directory.glob("*.log")))
    if failed:
        return Ended(failed.exit_code, failed.name, failed.sentence, scope.outputs, logs)
    return Ended(0, "", "", scope.outputs, logs)
