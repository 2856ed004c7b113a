"""What a role's statements allow, by moto's own evaluation of policies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult

from tests.aws.actions import Call

Statement = dict[str, Any]


@dataclass(frozen=True)
class Right:
    """One action on one pattern of resources, as a statement has it."""

    role: str
    sid: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role} may {self.action} on {self.resource} ({self.sid})"


def allows(statement: Statement, call: Call) -> bool:
    """Whether this statement does. moto knows StringEquals alone, and takes a key that is not told for equal."""
    told = dict(call.context)
    for operator, wanted in statement.get("Condition", {}).items():
        assert operator == "StringEquals", f"moto does not evaluate {operator}"
        if wanted.keys() - told.keys():
            return False
    verdict = IAMPolicyStatement(statement).is_action_permitted(call.action, call.resource, None, told)
    return bool(verdict == PermissionResult.PERMITTED)


def refused(statements: Sequence[Statement], calls: Sequence[Call]) -> list[str]:
    """The calls that no statement allows, as sentences."""
    return sorted({str(call) for call in calls if not any(allows(one, call) for one in statements)})


def rights(role: str, statements: Sequence[Statement]) -> Iterator[tuple[Right, Statement]]:
    """Each action on each resource alone, and the statement that would allow that alone."""
    for statement in statements:
        for action in _several(statement["Action"]):
            for resource in _several(statement["Resource"]):
                alone = statement | {"Action": action, "Resource": resource}
                yield Right(role, statement["Sid"], action, resource), alone


def unused(role: str, statements: Sequence[Statement], calls: Sequence[Call]) -> list[Right]:
    """The rights by which no call was allowed."""
    return [right for right, alone in rights(role, statements) if not any(allows(alone, call) for call in calls)]


def _several(text: Any) -> list[str]:
    return text if isinstance(text, list) else [text]
