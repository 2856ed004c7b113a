"""What can go wrong around the steps alone; what a step can meet too is in movalytics_common.errors."""

from movalytics_common.errors import PipelineError


class Unsupported(PipelineError):
    """The workflow uses a field or an expression of Argo's that the local runner does not know."""

    exit_code = 78


class LockHeld(PipelineError):
    """Another command works in this home."""

    exit_code = 82


class StepFailed(PipelineError):
    """A step failed; the exit code is the step's."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class Interrupted(PipelineError):
    """A person or the system asked the runner to stop."""

    def __init__(self, signal_number: int) -> None:
        super().__init__("interrupted: every process was ended and the last good tables stand")
        self.exit_code = 128 + signal_number
