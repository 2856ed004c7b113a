"""What can go wrong around the steps: each error is one sentence and an exit code (sysexits.h where it has one)."""


class RunnerError(Exception):
    """What is wrong, where, and what to do about it, in one sentence for a person."""

    exit_code = 1


class NotOurGrammar(RunnerError):
    """The workflow uses something of Argo's that the local runner does not know."""

    exit_code = 78


class InvalidSettings(RunnerError):
    """An argument or the machine's setting does not make sense."""

    exit_code = 78


class MissingInput(RunnerError):
    """A source or an earlier result is not there."""

    exit_code = 66


class Unavailable(RunnerError):
    """The stand-in did not start."""

    exit_code = 75


class StorageFailed(RunnerError):
    """The home cannot be written."""

    exit_code = 74


class LockHeld(RunnerError):
    """Another command works in this home."""

    exit_code = 82


class StepFailed(RunnerError):
    """A step failed; the exit code is the step's."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


class Interrupted(RunnerError):
    """A person or the system asked the runner to stop."""

    def __init__(self, signal_number: int) -> None:
        super().__init__("interrupted: every process was ended and the last good tables stand")
        self.exit_code = 128 + signal_number
