"""Runs brought by the plan's own keys, as the DAG has it, and brought back."""

from pathlib import Path

from movalytics_warehouse.plan.making import applications

from tests.integration.warehouse.steps import CODE, Warehouse
from tests.integration.warehouse.world import World


def bring(warehouse: Warehouse, run: str, world: World, movies: str, **plan: str | bool) -> None:
    """A run by the plan's own keys, as the DAG has it."""
    warehouse.plan(run, movies=movies, **plan)
    for application in applications():
        warehouse.write(world, made(warehouse, run, application), run)
    publish(warehouse, run)


def made(warehouse: Warehouse, run: str, application: str) -> Path:
    """The folder of what the application made for the run."""
    key = f"select made from movies_ops.load_made where run_id = '{run}' and application = '{application}'"
    ((found,),) = warehouse.rows(key)
    return Path(f"{warehouse.prefix(application)}{found}".removeprefix("file://"))


def publish(warehouse: Warehouse, run: str) -> None:
    """Stage, check and publish what was made for the run."""
    folders = [(name, f"file://{made(warehouse, run, name)}") for name in applications()]
    warehouse.run("stage", run=run, input=folders, copy_role="default")
    warehouse.check(run)
    warehouse.publish(run)


def restore(warehouse: Warehouse, earlier: str, run: str = "restoring") -> dict[str, object]:
    """Register a run that brings back an earlier one's data."""
    folders = [(name, warehouse.prefix(name)) for name in applications()]
    return warehouse.run("restore", run=run, restores=earlier, code_digest=CODE, application=folders)
