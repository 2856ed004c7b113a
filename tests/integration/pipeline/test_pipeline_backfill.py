"""`movalytics backfill`: days that were missed are brought, whatever ends it in between."""

import csv
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.pipeline.conftest import Machine, eventually
from tests.integration.quick_java import TINY

# A cluster's test tries the same, and those of the warehouse what it makes of days.
pytestmark = [pytest.mark.timeout(900), pytest.mark.slow]
TODAY = datetime.now(UTC).date()
DAYS = [str(TODAY - timedelta(days=number)) for number in (3, 2, 1)]
SOURCE, FROM, TO = f"--source={TINY}", f"--from={DAYS[0]}", f"--to={DAYS[-1]}"


def successes(machine: Machine) -> list[tuple[str, str]]:
    """Day and run of each success, in the order of their planning."""
    found = machine.query(
        "select run_date, run_id from movies_ops.load_run where outcome = 'Succeeded' order by planned_at"
    )
    assert found.returncode == 0, found.stderr
    return [(day, run) for day, run in list(csv.reader(found.stdout.splitlines()))[1:]]


def test_days_are_brought_oldest_first_and_killed_in_between_the_same_command_goes_on(undisturbed: Machine) -> None:
    digests, known = undisturbed.digests(), successes(undisturbed)
    runs = undisturbed.home / "runs"
    begun = len(list(runs.iterdir()))
    with undisturbed.begin("backfill", FROM, TO, SOURCE) as backfill:
        eventually(lambda: len(list(runs.iterdir())) >= begun + 2)
        backfill.send_signal(signal.SIGKILL)
        backfill.wait()
    eventually(lambda: not undisturbed.processes(), seconds=60)
    before = successes(undisturbed)[len(known) :]
    answer = undisturbed.call("backfill", FROM, TO, SOURCE)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    brought = successes(undisturbed)[len(known) :]
    assert [day for day, _ in brought] == [*DAYS, str(TODAY)]
    assert brought[: len(before)] == before
    assert undisturbed.digests() == digests


def test_the_first_day_that_fails_stops_it_with_its_sentence_and_code_and_the_tables_stand(
    undisturbed: Machine, tmp_path: Path
) -> None:
    before, known = undisturbed.published(), successes(undisturbed)
    bad = tmp_path / "bad source"
    shutil.copytree(TINY, bad)
    (bad / "CUSR0000SS62031.csv").write_text("<!DOCTYPE html><html><body>Sorry</body></html>")
    days = [str(TODAY - timedelta(days=number)) for number in (30, 29)]
    answer = undisturbed.call("backfill", f"--from={days[0]}", f"--to={days[1]}", f"--source={bad}")
    assert (answer.returncode, answer.stderr.count("\n")) == (65, 1)
    assert answer.stderr.startswith(f"{days[0]}: discover failed: ")
    assert days[1] not in answer.stdout
    assert (undisturbed.published(), successes(undisturbed)) == (before, known)


def test_what_are_no_days_is_refused_before_anything_runs(undisturbed: Machine) -> None:
    runs = sorted(undisturbed.home.glob("runs/*"))
    answer = undisturbed.call("backfill", "--from=tomorrow", TO, SOURCE)
    assert (answer.returncode, answer.stderr) == (78, "from=tomorrow is no day: write it as YYYY-MM-DD\n")
    assert sorted(undisturbed.home.glob("runs/*")) == runs


def test_runs_can_be_asked_about_compared_and_cleared_up_after(undisturbed: Machine) -> None:
    (_, run), *_ = successes(undisturbed)
    shown = undisturbed.call("show", run)
    assert (shown.returncode, shown.stdout.split()[:2]) == (0, ["run", run])
    same = undisturbed.call("diff", run, run)
    assert (same.returncode, same.stdout) == (0, f"there is no difference between {run} and {run}\n")
    before = undisturbed.published()
    clearing = undisturbed.call("retention", "--apply")
    assert clearing.returncode == 0, clearing.stderr
    assert undisturbed.published() == before
    assert "nothing new: files-" in undisturbed.run().stdout
