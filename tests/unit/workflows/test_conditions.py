"""A task's `when`, as Argo reads it: texts of several words stand in quotes."""

import pytest
from movalytics_workflows.local.grammar import holds, said

WORK = "tasks.plan.outputs.parameters.work"


@pytest.mark.parametrize(("work", "is_wanted"), [("make", True), ("have, made by run-1", False), ("", False)])
@pytest.mark.parametrize("when", [f"'{{{{{WORK}}}}}' == 'make'", f"{{{{{WORK}}}}} == make"])
def test_a_text_is_compared_whole(when: str, work: str, is_wanted: bool) -> None:
    assert holds(when, {WORK: work}) is is_wanted


def test_a_condition_that_does_not_hold_says_who_said_what() -> None:
    assert said(f"'{{{{{WORK}}}}}' == 'make'", {WORK: "have, made by run-1"}) == "plan says have, made by run-1"
