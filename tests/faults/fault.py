"""What a fault is: what goes wrong, which step it strikes and when, and how that must end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from movalytics_workflows.house import DAILY

from tests.faults.place import EARLIER, LATER, Place

Undo = Callable[[], object]


@dataclass(frozen=True)
class Fault:
    """One fault. `strike` arms it and may return what ends it again.

    exit_code: the run's; 0 when it passes over the fault.
    says: what the reason must hold, or the log of a run that passes over it.
    state: that from which it begins; target: whose tables the run brings, where it succeeds; last: and the next one.
    apart: the steps that are processes of their own. retries: how often the orchestrator tries a step again.
    given: the run's parameters; again: those of the one after it, which must succeed.
    spares: retention leaves more than it would undisturbed. published: it fails, and the tables are another's already.
    """

    what: str
    step: str
    moment: str
    strike: Callable[[Place], Undo | object]
    exit_code: int = 0
    says: str = ""
    workflow: str = DAILY
    state: str = EARLIER
    target: str = LATER
    last: str = ""
    apart: str = ""
    retries: int = 0
    given: Mapping[str, str] = field(default_factory=dict)
    again: Mapping[str, str] = field(default_factory=dict)
    spares: bool = False
    published: bool = False

    @property
    def fails_late(self) -> bool:
        """Whether the tables hold what the run brings although it fails."""
        return self.published or self.step in {"check-published", "report", "finish"}

    @property
    def name(self) -> str:
        """As the table has it."""
        step = self.step if self.workflow in {DAILY, self.step} else f"{self.step} of {self.workflow}"
        return f"{step}, {self.moment}: {self.what}"
