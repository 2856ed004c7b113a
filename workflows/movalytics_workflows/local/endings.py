"""How an attempt ended badly: what its task bears of it, and how Argo's controller would word it."""

import signal
from dataclasses import dataclass
from pathlib import Path

from movalytics_workflows.local.events import last_line
from movalytics_workflows.local.graph import Step
from movalytics_workflows.local.states import ERROR, FAILED, TaskState

_LOST = "pod deleted"  # Argo's words
_AT_DEADLINE = "Pod was active on the node longer than the specified deadline"  # Kubernetes'


@dataclass(frozen=True)
class Ending:
    """The task's phase, exit code and sentence; `code` and `message` are those that Argo would know."""

    phase: str
    exit_code: int
    sentence: str
    code: str
    message: str


def at_deadline(step: Step, log: Path) -> Ending:
    """It was ended at its deadline."""
    code = 128 + signal.SIGTERM
    return Ending(FAILED, code, _pointing(f"{step.name} was ended at its deadline", log), str(code), _AT_DEADLINE)


def failed(step: Step, state: TaskState, code: int, log: Path) -> Ending:
    """It ended with this code, negative for a signal."""
    if loss := _loss(code, step, state):
        exit_code = code if code > 0 else 128 - code
        return Ending(ERROR, exit_code, _pointing(f"{step.name} {loss}", log), "-1", _LOST)
    sentence = state.sentence or _pointing(f"{step.name} ended with exit code {code} without saying why", log)
    return Ending(FAILED, code, sentence, str(code), f"main: Error (exit code {code}): {sentence}")


def without(step: Step, outputs: list[str], log: Path) -> Ending:
    """It ended well but did not write these outputs; 64 is the code of Argo's container that looks for them."""
    sentence = _pointing(f"{step.name} did not write {', '.join(outputs)}", log)
    return Ending(ERROR, 70, sentence, "64", f"main: Error (exit code 64): {sentence}")


def _pointing(words: str, log: Path) -> str:
    return f"{words}; its last words in {log}: {last_line(log) or 'none'}"


def _loss(code: int, step: Step, state: TaskState) -> str:
    """How the process was lost, the local form of a lost pod; empty when it ended by itself.

    A Spark application that ends without a word lost one of its processes: spark-submit's launcher, Spark's Python
    driver. The Spark Operator would start it again (restartPolicy OnFailure).
    """
    if code < 0:
        return f"was killed by signal {-code} ({'memory may have run out' if code == -signal.SIGKILL else 'not by us'})"
    return f"ended with exit code {code} and no word" if step.manifest and code and not state.sentence else ""
