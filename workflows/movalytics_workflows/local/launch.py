"""A step as a process: the same command with this Python, or spark-submit, in a scratch directory of its own."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from movalytics_workflows.local.grammar import substitute
from movalytics_workflows.local.graph import Step
from movalytics_workflows.local.processes import Processes, Supervised
from movalytics_workflows.local.spark import submit_command


@dataclass(frozen=True)
class Launcher:
    """Starts steps; logs and scratch lie below `directory`, the run's own."""

    processes: Processes
    environment: Mapping[str, str]
    directory: Path

    def log(self, step: Step) -> Path:
        """Where all attempts of the step say what they do."""
        return self.directory / "logs" / f"{step.name}.log"

    def start(self, step: Step, values: Mapping[str, str]) -> Supervised:
        """Start an attempt of the step with these values for its names."""
        scratch = self._scratch(step)
        self.clear(step)
        scratch.mkdir(parents=True)
        if step.manifest:
            command = submit_command(step.manifest, values, scratch)
        else:
            command = [substitute(part, values) for part in step.command]
            command[0] = sys.executable if command[0] == "python" else command[0]
        own = {name: substitute(text, values) for name, text in step.environment.items()}
        environment = {**self.environment, **own, "TMPDIR": str(scratch), "SPARK_LOCAL_DIRS": str(scratch)}
        return self.processes.start(command, environment, self.log(step), directory=scratch)

    def clear(self, step: Step) -> None:
        """Remove what an attempt left for nobody: temporary files, Spark's shuffle."""
        shutil.rmtree(self._scratch(step), ignore_errors=True)

    def _scratch(self, step: Step) -> Path:
        return self.directory / "scratch" / step.name
