"""`make run`: the whole pipeline on this machine, from a source to the page."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from movalytics_workflows.daily import daily
from movalytics_workflows.house import SPARK_APPS
from movalytics_workflows.local import warehouse
from movalytics_workflows.local.errors import StepFailed
from movalytics_workflows.local.graph import Graph, read_graph
from movalytics_workflows.local.java import java_home
from movalytics_workflows.local.launch import Launcher
from movalytics_workflows.local.losses import loss_lines
from movalytics_workflows.local.processes import base_environment, children
from movalytics_workflows.local.scopes import Scope, resolve_parameters, verify
from movalytics_workflows.local.settings import Home, config_map, run_name, sources, spark_memory
from movalytics_workflows.local.spark import spark_home
from movalytics_workflows.local.states import ERROR, FAILED, SKIPPED, SUCCEEDED, TaskState
from movalytics_workflows.local.summary import last_words
from movalytics_workflows.local.view import say, watching
from movalytics_workflows.local.walk import Walk
from movalytics_workflows.local.work import at_work


@dataclass(frozen=True)
class RunOptions:
    """What a person may say about a run."""

    home: Home
    source: str = ""
    force: bool = False
    port: int = 0
    debug: bool = False
    allow: str = ""


def run(options: RunOptions) -> None:
    """One run from its sources to the page. Raises PipelineError; StepFailed with the step's own exit code."""
    source = sources(options.source, Path.cwd())
    graph = read_graph(daily().to_dict())
    verify(graph)
    with at_work(options.home, "make run"):
        walk_locally(graph, options, source)


def walk_locally(graph: Graph, options: RunOptions, source: Mapping[str, str]) -> None:
    """Walk the graph beside a stand-in of its own, and tell how it went."""
    home, name = options.home, run_name(graph.name)
    directory = home.run(name)
    environment = _environment(home)
    with children(home.root) as processes:
        stand_in = warehouse.start(
            home, processes, environment, directory / "logs" / "redshift_local.log", options.port
        )
        settings = {**config_map(home, warehouse.url(stand_in.address), options.debug), **source}
        # What the sample declares stands; what a person allows is added to it.
        given = {"allow": f"{settings['allow']} {options.allow}".strip()}
        given |= {"force": "true"} if options.force else {}
        scope = Scope(name, directory / "outputs", resolve_parameters(graph, settings, given))
        scope.directory.mkdir(parents=True, exist_ok=True)
        with watching(f"run {name}") as watch:
            walk = Walk(graph, scope, Launcher(processes, environment, directory), watch)
            status = walk.run()
        warehouse.refuse_ended(stand_in)
    _tell(options, scope, walk, status)


def _environment(home: Home) -> dict[str, str]:
    java = java_home(os.environ, home.root / "java", spark_memory())
    return base_environment(
        JAVA_HOME=str(java),
        SPARK_HOME=str(spark_home()),
        SPARK_LOCAL_IP="127.0.0.1",
        LOG4J_CONFIGURATION_FILE=(SPARK_APPS / "log4j2.properties").as_uri(),
        PYSPARK_PYTHON=sys.executable,
        PYSPARK_DRIVER_PYTHON=sys.executable,
        PGPASSWORD=home.password(),
    )


def _tell(options: RunOptions, scope: Scope, walk: Walk, status: str) -> None:
    if status != SUCCEEDED:
        for line in loss_lines(options.home, scope.run):
            say(line)
        raise _failure(list(walk.states.values()), options.debug)
    if any(state.phase == SKIPPED for state in walk.states.values()):
        versions = [text for name, text in scope.outputs.items() if name.endswith("-version")]
        say(f"nothing new: {' with CPI '.join(versions)} is published; make run FORCE=1 loads it again")
        return
    say(last_words(options.home, scope.run))


def _failure(states: list[TaskState], debug: bool) -> StepFailed:
    worst = next(state for state in states if state.phase in {FAILED, ERROR})
    trace = f"\n{worst.trace}" if debug and worst.trace else ""
    return StepFailed(f"{worst.name} failed: {worst.sentence}{trace}", worst.exit_code)
