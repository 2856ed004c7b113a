"""The scheduler of a DAG does what Argo's controller does."""

import signal
import time
from pathlib import Path

import psutil
import pytest
from hera.workflows import Env, Parameter, Task
from movalytics_workflows.local.errors import Interrupted
from movalytics_workflows.local.states import PAUSING, TaskState
from movalytics_workflows.local.view import lines

from tests.unit.workflows.conftest import Runner, output, retried, runs, step, workflow

WRITE = "import sys; open(sys.argv[1].split('=')[1], 'w').write(sys.argv[2])"
NOTE = "import os, sys; open(os.environ['PLACE'] + '/notes', 'a').write(sys.argv[1] + '\\n')"
BUSY = """
import sys
print('{"event": "failed", "error": "FRED does not answer", "exit_code": 75}', file=sys.stderr)
sys.exit(75)
"""
FAIL = """
import sys
print('{"event": "failed", "error": "the disk is full", "exit_code": 74}', file=sys.stderr)
sys.exit(74)
"""


def notes(home: Path) -> list[str]:
    """What the steps noted, in order."""
    return (home / "notes").read_text().split()


def test_tasks_get_what_earlier_ones_put_out(run: Runner) -> None:
    path = "--to={{outputs.parameters.x.path}}"
    tasks = [
        Task(name="a", template="a"),
        Task(name="b", template="b", depends="a", arguments={"x": "{{tasks.a.outputs.parameters.x}}"}),
    ]
    templates = [
        step("a", WRITE, args=[path, "{{workflow.parameters.p}}-{{workflow.name}}"], outputs=[output("x")]),
        step("b", NOTE, args=["{{inputs.parameters.x}}"], inputs=[Parameter(name="x")]),
    ]
    finished = run(workflow(tasks, templates, arguments=[Parameter(name="p", value="v")]))
    assert finished.status == "Succeeded"
    assert notes(finished.home) == ["v-small-1"]


def test_a_condition_that_does_not_hold_skips_its_task_and_omits_what_needs_its_success(run: Runner) -> None:
    tasks = [
        Task(name="plan", template="plan"),
        Task(name="a", template="a", depends="plan", when="{{tasks.plan.outputs.parameters.d}} == run"),
        Task(name="b", template="a", depends="a.Succeeded"),
        Task(name="c", template="a", depends="b.Succeeded"),
        Task(name="d", template="a", depends="a"),
    ]
    templates = [
        step("plan", WRITE, args=["--to={{outputs.parameters.d.path}}", "stop"], outputs=[output("d")]),
        step("a", NOTE, args=["ran"]),
    ]
    finished = run(workflow(tasks, templates))
    assert finished.status == "Succeeded"
    assert finished.phases == {"plan": "Succeeded", "a": "Skipped", "b": "Omitted", "c": "Omitted", "d": "Succeeded"}


def test_tasks_that_do_not_wait_for_each_other_run_at_once(run: Runner) -> None:
    meet = (
        "import os, pathlib, sys, time\n"
        "place = pathlib.Path(os.environ['PLACE'])\n"
        "(place / sys.argv[1]).touch()\n"
        "while not (place / sys.argv[2]).exists(): time.sleep(0.05)"
    )
    tasks = [Task(name="a", template="a"), Task(name="b", template="b")]
    assert (
        run(workflow(tasks, [step("a", meet, args=["1", "2"]), step("b", meet, args=["2", "1"])])).status == "Succeeded"
    )


def test_a_failure_ends_the_run_with_the_steps_own_sentence_and_code_and_the_exit_handler_runs(run: Runner) -> None:
    tasks = [Task(name="a", template="a"), Task(name="b", template="b", depends="a")]
    finish = step("finish", NOTE, args=["{{workflow.status}}"])
    templates = [step("a", FAIL, retry_strategy=retried(3)), step("b", NOTE, args=["ran"]), finish]
    finished = run(workflow(tasks, templates, on_exit="finish"))
    assert finished.status == "Failed"
    assert (finished.states["a"].exit_code, finished.states["a"].sentence) == (74, "the disk is full")
    assert finished.states["a"].attempt == 1
    assert finished.phases["b"] == "Omitted"
    assert notes(finished.home) == ["Failed"]


def test_after_a_failure_nothing_new_starts_but_what_runs_ends(run: Runner) -> None:
    wait = (
        "import os, time, pathlib\nwhile not pathlib.Path(os.environ['PLACE'], 'scratch').exists(): pass\ntime.sleep(1)"
    )
    tasks = [
        Task(name="a", template="fail"),
        Task(name="b", template="wait"),
        Task(name="c", template="wait", depends="b"),
    ]
    finished = run(workflow(tasks, [step("fail", FAIL), step("wait", wait)]))
    assert finished.phases == {"a": "Failed", "b": "Succeeded", "c": "Omitted"}


def test_a_step_that_was_killed_is_retried(run: Runner) -> None:
    die_once = f"{NOTE}\nif open(os.environ['PLACE'] + '/notes').read().count('x') < 3: os.kill(os.getpid(), 9)"
    finished = run(
        workflow([Task(name="a", template="a")], [step("a", die_once, args=["x"], retry_strategy=retried(3))])
    )
    assert finished.status == "Succeeded"
    assert finished.states["a"].attempt == 3


def test_a_step_that_is_killed_more_often_than_its_limit_is_an_error(run: Runner) -> None:
    die = "import os; print('last words', flush=True); os.kill(os.getpid(), 9)"
    finished = run(workflow([Task(name="a", template="a")], [step("a", die, retry_strategy=retried(1))]))
    assert finished.status == "Error"
    state = finished.states["a"]
    assert (state.exit_code, state.attempt) == (137, 2)
    assert "a was killed by signal 9 (memory may have run out)" in state.sentence
    assert state.sentence.endswith("last words (after 2 attempts)")


def test_a_fault_that_passes_is_waited_for_with_growing_pauses_that_say_why(run: Runner, quick: None) -> None:
    third = (
        f"{NOTE}\nif open(os.environ['PLACE'] + '/notes').read().count('x') < 3:{BUSY.replace(chr(10), chr(10) + ' ')}"
    )
    told: list[str] = []
    once = step("a", third, args=["x"], retry_strategy=retried(5, pause="1", longest="5", patience="9999"))
    finished = run(workflow([Task(name="a", template="a")], [once]), watch=lines(told.append))
    assert finished.status == "Succeeded"
    assert finished.states["a"].attempt == 3
    assert [line.split(maxsplit=1)[1] for line in told[:-1]] == [
        "waits 1 s, then tries again: FRED does not answer",
        "waits 2 s, then tries again: FRED does not answer",
    ]
    assert finished.states["a"].seconds > 3


def test_no_pause_is_longer_than_the_longest_and_the_limit_ends_them(run: Runner, quick: None) -> None:
    told: list[str] = []
    busy = step("a", BUSY, retry_strategy=retried(2, pause="1", longest="1", patience="9999"))
    finished = run(workflow([Task(name="a", template="a")], [busy]), watch=lines(told.append))
    assert [line for line in told if "waits" in line] == [
        "a".ljust(20) + "waits 1 s, then tries again: FRED does not answer"
    ] * 2
    state = finished.states["a"]
    assert (finished.status, state.exit_code) == ("Failed", 75)
    assert state.sentence == "FRED does not answer (after 3 attempts)"


def test_a_pause_that_would_outlast_patience_is_not_begun(run: Runner) -> None:
    busy = step("a", BUSY, retry_strategy=retried(9, pause="5", longest="60", patience="4"))
    finished = run(workflow([Task(name="a", template="a")], [busy]))
    assert finished.states["a"].attempt == 1
    assert finished.states["a"].sentence == "FRED does not answer"


def test_a_later_attempt_ends_when_patience_does(run: Runner) -> None:
    slow = (
        f"{NOTE}\nif open(os.environ['PLACE'] + '/notes').read().count('x') > 1:\n import time; time.sleep(99)\n{BUSY}"
    )
    template = step("a", slow, args=["x"], retry_strategy=retried(9, patience="3"))
    finished = run(workflow([Task(name="a", template="a")], [template]))
    assert finished.states["a"].sentence.startswith("a was ended at its deadline")
    assert finished.states["a"].sentence.endswith("(after 2 attempts)")


def test_an_interruption_ends_a_pause_at_once(run: Runner) -> None:
    def interrupt(number: int, _frame: object) -> None:
        raise Interrupted(number)

    def signal_when_it_pauses(states: list[TaskState]) -> None:
        if states[0].phase == PAUSING and not pauses:
            pauses.append(states[0].progress)
            signal.setitimer(signal.ITIMER_REAL, 0.2)

    pauses: list[str] = []
    before = signal.signal(signal.SIGALRM, interrupt)
    busy = step("a", BUSY, retry_strategy=retried(9, pause="50", longest="50"))
    began = time.monotonic()
    try:
        with pytest.raises(Interrupted):
            run(workflow([Task(name="a", template="a")], [busy]), watch=signal_when_it_pauses)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert pauses == ["waits 50 s, then tries again: FRED does not answer"]
    assert time.monotonic() - began < 30


def test_while_one_task_pauses_another_goes_on_and_those_behind_it_wait(run: Runner) -> None:
    once = (
        f"{NOTE}\nif open(os.environ['PLACE'] + '/notes').read().count('a') < 2:{BUSY.replace(chr(10), chr(10) + ' ')}"
    )
    tasks = [
        Task(name="a", template="a"),
        Task(name="b", template="b"),
        Task(name="c", template="c", depends="a.Succeeded && b.Succeeded"),
    ]
    templates = [
        step("a", once, args=["a"], retry_strategy=retried(3, pause="2", longest="2")),
        step("b", NOTE, args=["b"]),
        step("c", NOTE, args=["c"]),
    ]
    finished = run(workflow(tasks, templates))
    assert finished.status == "Succeeded"
    assert sorted(notes(finished.home)[:2]) == ["a", "b"]
    assert notes(finished.home)[2:] == ["a", "c"]


def test_the_exit_handler_is_tried_again_and_told_how_its_last_attempt_ended(run: Runner) -> None:
    once = f"{NOTE}\nif open(os.environ['PLACE'] + '/notes').read() == '0\\n':{BUSY.replace(chr(10), chr(10) + ' ')}"
    finish = step("finish", once, args=["{{lastRetry.exitCode}}"], retry_strategy=retried(3))
    finished = run(workflow([Task(name="a", template="a")], [step("a"), finish], on_exit="finish"))
    assert finished.status == "Succeeded"
    assert notes(finished.home) == ["0", "75"]


def test_a_step_is_retried_when_its_supervisor_was_killed_and_the_first_process_is_gone(run: Runner) -> None:
    killed: list[int] = []

    def kill_the_supervisor(states: list[TaskState]) -> None:
        if not killed and states[0].progress:
            first = int(states[0].progress.split()[0].replace(",", ""))
            killed.append(first)
            psutil.Process(first).parent().kill()

    once = (
        "import os, pathlib, sys, time\n"
        "mark = pathlib.Path(os.environ['PLACE'], 'second')\n"
        "if mark.exists(): sys.exit()\n"
        "mark.touch()\n"
        """print('{"event": "progress", "done": %d}' % os.getpid(), file=sys.stderr, flush=True)\n"""
        "time.sleep(100)"
    )
    template = workflow([Task(name="a", template="a")], [step("a", once, retry_strategy=retried(1))])
    finished = run(template, watch=kill_the_supervisor)
    assert finished.states["a"].attempt == 2
    assert finished.status == "Succeeded"
    assert not runs(killed[0])


def test_a_step_is_ended_at_its_deadline_and_not_retried(run: Runner) -> None:
    slow = step(
        "a",
        "import time; time.sleep(100)",
        timeout="{{workflow.parameters.d}}s",
        retry_strategy=retried(2),
    )
    template = workflow([Task(name="a", template="a")], [slow], arguments=[Parameter(name="d", value="1")])
    finished = run(template)
    assert finished.phases == {"a": "Failed"}
    assert "ended at its deadline" in finished.states["a"].sentence
    assert finished.states["a"].exit_code == 128 + signal.SIGTERM


def test_a_step_that_leaves_without_a_word_points_to_its_log(run: Runner) -> None:
    finished = run(workflow([Task(name="a", template="a")], [step("a", "print('what I saw'); raise SystemExit(3)")]))
    assert finished.states["a"].exit_code == 3
    assert finished.states["a"].sentence.startswith("a ended with exit code 3 without saying why")
    assert f"{finished.home}/logs/a.log: what I saw" in finished.states["a"].sentence


def test_a_step_that_does_not_write_its_output_is_an_error(run: Runner) -> None:
    finished = run(workflow([Task(name="a", template="a")], [step("a", outputs=[output("x")])]))
    assert finished.status == "Error"
    assert "did not write x" in finished.states["a"].sentence


def test_a_command_that_does_not_exist_fails_with_its_name(run: Runner) -> None:
    template = workflow([Task(name="a", template="a")], [step("a")])
    template.templates[1].command = ["no-such-program"]
    finished = run(template)
    assert finished.states["a"].exit_code == 127
    assert "cannot start no-such-program" in finished.states["a"].sentence


def test_rows_and_progress_are_taken_from_what_a_step_says(run: Runner) -> None:
    seen: set[str] = set()
    speak = (
        "import sys, time\n"
        """print('{"event": "progress", "done": 5, "total": 20, "unit": "rows"}', file=sys.stderr, flush=True)\n"""
        "time.sleep(0.5)\n"
        """print('{"event": "done", "rows": 20}', file=sys.stderr)"""
    )
    template = workflow([Task(name="a", template="a")], [step("a", speak)])
    finished = run(template, watch=lambda states: seen.add(states[0].progress))
    assert "25 % of 20 rows" in seen
    assert finished.states["a"].rows == 20


def test_a_failing_exit_handler_fails_the_run(run: Runner) -> None:
    finished = run(workflow([Task(name="a", template="a")], [step("a"), step("finish", FAIL)], on_exit="finish"))
    assert finished.phases == {"a": "Succeeded", "finish": "Failed"}
    assert finished.status == "Failed"


def test_nothing_temporary_is_left(run: Runner) -> None:
    leave = "import os, tempfile; tempfile.mkstemp(); assert os.environ['TMPDIR'] == os.getcwd()"
    finished = run(workflow([Task(name="a", template="a")], [step("a", leave)]))
    assert finished.status == "Succeeded"
    assert not list((finished.home / "scratch").iterdir())


def test_a_step_gets_the_environment_that_its_container_names(run: Runner) -> None:
    program = "import os; open(os.environ['PLACE'] + '/notes', 'a').write(os.environ['X'])"
    templates = [step("a", program, env=[Env(name="X", value="{{workflow.name}}")])]
    assert notes(run(workflow([Task(name="a", template="a")], templates)).home) == ["small-1"]
