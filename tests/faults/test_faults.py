"""After each fault: a readable reason or success, the tables of a whole run, and a plain run that succeeds."""

from collections.abc import Callable

import pytest
from movalytics_workflows.house import DAILY, RESTORE

from tests.faults.fault import Fault
from tests.faults.place import EARLIER, Place
from tests.faults.running import MISSING_DAY, RETENTION, Ended
from tests.faults.table import FAULTS
from tests.hostile.told import is_a_sentence

DAY = "2026-01-08"  # which no run before was about
COMMANDS = {
    DAILY: {},
    RESTORE: {"restores": EARLIER},
    RETENTION: {"apply": "true"},
    MISSING_DAY: {"from": DAY, "to": DAY},
}
pytestmark = pytest.mark.timeout(900)  # the first of a process makes the place
# Those of README.md that say what is wrong, and those of a process that was ended by SIGKILL or at its deadline.
REASONS = {65, 66, 74, 75, 77, 78, 80, 81, 137, 143}


def begun(place: Place, workflow: str, **given: object) -> Ended:
    """A command as a person gives it: backfill asks which day is missing, brings it, and then what is newest."""
    ended = place.run(workflow, **COMMANDS[workflow], **given)
    day = ended.outputs.get(f"tasks.{MISSING_DAY}.outputs.parameters.day", "none")
    if ended.exit_code or day == "none":
        return ended
    brought = place.run(run_date=day, force="older")
    return brought if brought.exit_code else place.run()


def is_readable(ended: Ended) -> bool:
    """One sentence, a code that means something, and nothing of a program's insides."""
    is_plain = "Traceback" not in ended.log and "unexpected " not in ended.sentence
    return ended.exit_code in REASONS and is_a_sentence(ended.sentence) and is_plain


@pytest.fixture(scope="session")
def cleared(home: Place) -> set[str]:
    """What an undisturbed retention leaves."""
    home.begin("second")
    assert begun(home, RETENTION).exit_code == 0
    return home.folders()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_loses_doubles_and_half_publishes_nothing(
    home: Place, cleared: set[str], fault: Fault, record_property: Callable[[str, object], None]
) -> None:
    home.begin(fault.state)
    end = fault.strike(home)
    before, target = home.digests(), home.states[fault.target].digests
    about = {"apart": frozenset(fault.apart.split()), "retry-limit": fault.retries, **fault.given}
    ended = begun(home, fault.workflow, **about)
    struck = home.struck
    if callable(end):
        end()
    after = home.digests()
    outcome = "succeeded" if ended.exit_code == 0 else f"exit {ended.exit_code} of {ended.step}: {ended.sentence}"
    record_property("fault", fault.name)
    record_property("outcome", outcome)
    assert home.troubles == []
    assert struck, "the fault never struck"
    assert ended.exit_code == fault.exit_code, outcome
    assert ended.exit_code == 0 or is_readable(ended), outcome
    assert fault.says in (ended.sentence or ended.log + str(ended.outputs))
    assert after == (target if ended.exit_code == 0 or fault.fails_late else before)
    record_property("digests", "the run's" if after == target else "the last good run's")
    home.calm()
    again = begun(home, fault.workflow, **fault.again)
    assert again.exit_code == 0, again.sentence
    assert home.digests() == home.states[fault.last or fault.target].digests
    assert home.raw() == set()
    if fault.workflow == RETENTION:
        assert home.folders() >= cleared if fault.spares else home.folders() == cleared
