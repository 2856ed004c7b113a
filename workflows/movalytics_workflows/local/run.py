"""`make run`: the whole pipeline on this machine, from a source to the page."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from movalytics_workflows.house import DAILY, RESTORE, SPARK_APPS
from movalytics_workflows.local import warehouse
from movalytics_workflows.local.errors import StepFailed
from movalytics_workflows.local.graph import Graph, Json, read_graph
from movalytics_workflows.local.java import java_home
from movalytics_workflows.local.launch import Launcher
from movalytics_workflows.local.losses import loss_lines
from movalytics_workflows.local.processes import Processes, base_environment, children
from movalytics_workflows.local.scheduler import Scheduler
from movalytics_workflows.local.scopes import Scope, resolve_parameters, verify
from movalytics_workflows.local.settings import Home, parameter_settings, run_name, sources, spark_memory
from movalytics_workflows.local.spark import spark_home
from movalytics_workflows.local.states import ERROR, FAILED, SUCCEEDED, TaskState
from movalytics_workflows.local.summary import last_words
from movalytics_workflows.local.view import say, watching
from movalytics_workflows.local.work import at_work

Workflow = tuple[str, Callable[[], Graph]]  # its name, and what reads its DAG


@dataclass(frozen=True)
class RunOptions:
    """What a person may say about a run; of a `day` that is brought later it is older data too, but nothing twice."""

    home: Home
    source: str = ""
    force: bool = False
    port: int = 0
    debug: bool = False
    allow: str = ""
    day: str = ""


def run(options: RunOptions) -> None:
    """One run from its sources to the page. Raises PipelineError; StepFailed with the step's own exit code."""
    source = sources(options.source, Path.cwd())
    given = {"allow": options.allow, "force": "true" if options.force else "false", **_of_day(options.day, source)}
    with _at_work(options, "make run", source, given, (DAILY, _daily)) as (scope, states, status):
        _tell(options, scope, states, status)


def _of_day(day: str, source: Mapping[str, str]) -> dict[str, str]:
    """Prices as known on that day; files have no other than theirs."""
    if not day:
        return {}
    vintage = day if source["cpi-source"].startswith("fred") else ""
    return {"run-date": day, "cpi-vintage": vintage, "force": "older"}


def restore(options: RunOptions, run_id: str) -> None:
    """Publish an earlier run's data again, and hold. Raises PipelineError; StepFailed with the step's own exit code."""
    given, workflow = {"restores": run_id}, (RESTORE, _restore)
    with _at_work(options, "movalytics restore", {}, given, workflow) as (scope, states, status):
        _tell(options, scope, states, status)


@contextmanager
def _at_work(
    options: RunOptions,
    command: str,
    source: Mapping[str, str],
    given: Mapping[str, str],
    workflow: Workflow,
) -> Iterator[tuple[Scope, list[TaskState], str]]:
    """The home's lock, while a workflow runs and its end is told."""
    with at_work(options.home, command):
        environment = _environment(options.home)
        with children(options.home.root) as processes:
            ended = _scheduled(options, source, given, workflow, processes, environment)
        yield ended


def _scheduled(
    options: RunOptions,
    source: Mapping[str, str],
    given: Mapping[str, str],
    workflow: Workflow,
    processes: Processes,
    environment: Mapping[str, str],
) -> tuple[Scope, list[TaskState], str]:
    """Run the DAG beside a stand-in of its own; the run's values, its tasks and its status."""
    home, (title, read) = options.home, workflow
    name = run_name(title)
    directory = home.run(name)
    stand_in = warehouse.start(home, processes, environment, directory / "logs" / "redshift_local.log", options.port)
    graph = read()  # while the stand-in starts
    settings = {**parameter_settings(home, warehouse.url(warehouse.listening(stand_in)), options.debug), **source}
    if "allow" in given:
        # What the sample declares stands; what a person allows is added to it.
        given = {**given, "allow": f"{settings['allow']} {given['allow']}".strip()}
    scope = Scope(name, directory / "outputs", resolve_parameters(graph, settings, given))
    scope.directory.mkdir(parents=True, exist_ok=True)
    with watching(f"run {name}") as watch:
        scheduler = Scheduler(graph, scope, Launcher(processes, environment, directory), watch)
        status = scheduler.run()
    warehouse.refuse_ended(stand_in)
    return scope, list(scheduler.states.values()), status


# Imported in these: what is refused before (a source, the lock, Java) need not wait seconds for Hera.
def _daily() -> Graph:
    from movalytics_workflows.daily import daily  # noqa: PLC0415

    return _verified(daily().to_dict())


def _restore() -> Graph:
    from movalytics_workflows.restore import restore as workflow  # noqa: PLC0415

    return _verified(workflow().to_dict())


def _verified(workflow: Json) -> Graph:
    graph = read_graph(workflow)
    verify(graph)
    return graph


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


def _tell(options: RunOptions, scope: Scope, states: list[TaskState], status: str) -> None:
    if status != SUCCEEDED:
        for line in loss_lines(options.home, scope.run):
            say(line)
        raise _failure(states, options.debug)
    decision = scope.outputs.get("tasks.plan.outputs.parameters.decision", "run")
    if decision != "run":
        say(_why_nothing(decision, scope))
        return
    say(last_words(options.home, scope.run))


def _why_nothing(decision: str, scope: Scope) -> str:
    if decision != "stop":
        return f"{decision}: nothing was published; movalytics release lets runs publish again, make run FORCE=1 this"
    versions = [text for name, text in scope.outputs.items() if name.endswith("-version")]
    return f"nothing new: {' with CPI '.join(versions)} is published; make run FORCE=1 loads it again"


def _failure(states: list[TaskState], debug: bool) -> StepFailed:
    worst = next(state for state in states if state.phase in {FAILED, ERROR})
    trace = f"\n{worst.trace}" if debug and worst.trace else ""
    return StepFailed(f"{worst.name} failed: {worst.sentence}{trace}", worst.exit_code)
