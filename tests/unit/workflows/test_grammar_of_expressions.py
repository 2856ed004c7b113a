"""The expressions of Argo that the local runner knows, and that it says so about the others."""

import pytest
from movalytics_workflows.local.errors import Unsupported
from movalytics_workflows.local.grammar import holds, parse_depends, substitute


def test_replaces_every_name_between_braces() -> None:
    values = {"workflow.name": "run-1", "inputs.parameters.v": "7"}
    assert substitute("{{workflow.name}}/v={{ inputs.parameters.v }}", values) == "run-1/v=7"


def test_a_value_with_braces_is_not_replaced_again() -> None:
    assert substitute("{{a}}", {"a": "{{b}}", "b": "c"}) == "{{b}}"


def test_refuses_a_name_that_has_no_value() -> None:
    with pytest.raises(Unsupported, match=r"no value for \{\{workflow\.uid"):
        substitute("{{workflow.uid}}", {})


@pytest.mark.parametrize("expression", ["{{=1+1}}", "{{a b}}", "{{sprig.now()}}"])
def test_refuses_expressions(expression: str) -> None:
    with pytest.raises(Unsupported, match="replaces names only"):
        substitute(expression, {})


def test_a_task_with_a_state_must_end_in_it() -> None:
    first, second = parse_depends("a.Succeeded && b-c.Errored")
    assert (first.task, first.states) == ("a", {"Succeeded"})
    assert (second.task, second.states) == ("b-c", {"Error"})


def test_a_task_without_a_state_may_be_skipped() -> None:
    assert parse_depends("a")[0].states == {"Succeeded", "Skipped"}


def test_no_depends_is_no_requirement() -> None:
    assert parse_depends("") == ()


@pytest.mark.parametrize("text", ["a || b", "!a", "(a && b)", "a.Daemoned", "a.AnySucceeded", "a &&"])
def test_refuses_other_depends(text: str) -> None:
    with pytest.raises(Unsupported, match="does not know depends"):
        parse_depends(text)


@pytest.mark.parametrize(
    ("condition", "decision", "expected"),
    [
        ("{{d}} == run", "run", True),
        ("{{d}} == run", "stop", False),
        ("{{d}} != run", "stop", True),
        ("{{ d }} == run", "run it", False),
    ],
)
def test_a_condition_compares_two_texts(condition: str, decision: str, expected: bool) -> None:
    assert holds(condition, {"d": decision}) is expected


@pytest.mark.parametrize("condition", ["{{d}}", "{{d}} > 3", "{{d}} == a && {{e}} == b", "{{d}} =~ x"])
def test_refuses_other_conditions(condition: str) -> None:
    with pytest.raises(Unsupported, match="does not know"):
        holds(condition, {"d": "4", "e": "b"})
