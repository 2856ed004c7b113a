"""`make run`, `make query` and their like on a machine where all is well, and with bad input."""

import csv
import shutil
import signal
import subprocess
from pathlib import Path
from shlex import quote

import pytest
from movalytics_warehouse.plan.making import applications
from movalytics_workflows.chart import values

from tests.integration.pipeline.conftest import Machine, eventually
from tests.integration.quick_java import TINY

pytestmark = pytest.mark.timeout(600)
ANSWERS = ["1. ", "2. ", "3. ", "4. "]


def test_a_second_run_finds_nothing_new_and_publishes_nothing(undisturbed: Machine) -> None:
    before = undisturbed.published()
    answer = undisturbed.run()
    assert answer.returncode == 0
    assert "nothing new: files-" in answer.stdout
    assert "publish" not in answer.stdout.replace("published", "")
    assert undisturbed.published() == before


def test_a_query_prints_csv_and_nothing_else(undisturbed: Machine) -> None:
    answer = undisturbed.query("select movie_id, title from movies.movies order by movie_id limit 3")
    rows = list(csv.reader(answer.stdout.splitlines()))
    assert (answer.returncode, rows[0], len(rows)) == (0, ["movie_id", "title"], 4)
    assert answer.stderr == ""
    assert undisturbed.processes() == []


def test_a_wrong_query_is_one_sentence_and_no_csv(undisturbed: Machine) -> None:
    answer = undisturbed.query("select nothing from movies.nowhere")
    assert (answer.returncode != 0, answer.stdout, answer.stderr.count("\n")) == (True, "", 1)
    assert "nowhere" in answer.stderr


def test_a_query_uses_the_warehouse_that_is_served(undisturbed: Machine) -> None:
    command = undisturbed.command("serve", "--port=0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout
        assert served.stdout.readline().startswith("host 127.0.0.1  port ")
        answer = undisturbed.query("select count(*) as n from movies.genre")
        second = undisturbed.run()
        served.send_signal(signal.SIGINT)
        served.wait()
    assert (answer.returncode, answer.stdout.splitlines()[0]) == (0, "n")
    assert second.returncode == 82
    assert f"serve (process {served.pid}, since " in second.stderr
    assert served.returncode == 128 + signal.SIGINT
    assert undisturbed.processes() == []


def test_the_end_of_a_run_gives_the_answers_the_page_and_how_to_ask_more(undisturbed: Machine) -> None:
    said = undisturbed.said
    assert [number for number in ANSWERS if f"\n  {number}" not in said] == []
    page = next(line.split(maxsplit=2)[2] for line in said.splitlines() if line.startswith("The page"))
    assert Path(page).is_file()
    assert said.splitlines()[-1].startswith(f"Ask more   movalytics query --home={quote(str(undisturbed.home))} --sql=")


def test_the_sizes_of_a_runs_executors_can_be_asked_for(undisturbed: Machine) -> None:
    (run, *_) = undisturbed.published_runs()
    told = undisturbed.call("advise", run)
    assert told.returncode == 0, told.stderr
    applications = [line for line in told.stdout.splitlines() if line.startswith("transform-")]
    assert applications == [f"transform-{name}" for name in sorted(values()["applications"])]
    unknown = undisturbed.call("advise", "nobody")
    assert (unknown.returncode, unknown.stdout) == (66, "")
    assert "has no event log of run nobody" in unknown.stderr


def test_a_bad_source_fails_with_the_steps_sentence_and_code_and_the_tables_stand(
    undisturbed: Machine, tmp_path: Path
) -> None:
    before = undisturbed.published()
    bad = tmp_path / "bad source"
    shutil.copytree(TINY, bad)
    (bad / "CUSR0000SS62031.csv").write_text("<!DOCTYPE html><html><body>Sorry</body></html>")
    answer = undisturbed.run(source=bad)
    assert (answer.returncode, answer.stderr.count("\n")) == (65, 1)
    assert answer.stderr.startswith("discover failed: ")
    assert undisturbed.published() == before


def test_two_runs_at_once_the_second_learns_who_is_first(machine: Machine) -> None:
    with machine.start() as first:
        eventually(lambda: (machine.home / "lock").exists() and (machine.home / "lock").read_text())
        second = machine.run()
        first.send_signal(signal.SIGTERM)
        first.communicate()
    assert second.returncode == 82
    assert f"make run (process {first.pid}, since " in second.stderr


def test_a_warehouse_that_was_lost_is_filled_from_what_was_made_and_no_spark_starts(undisturbed: Machine) -> None:
    digests = undisturbed.digests()
    shutil.rmtree(undisturbed.home / "warehouse")
    answer = undisturbed.run()
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("plan says have, made by movalytics-daily-") == len(applications())
    assert undisturbed.digests() == digests
