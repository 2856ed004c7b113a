"""The expressions of a retry strategy that the local runner knows, and that it says so about the others."""

import pytest
from movalytics_workflows.local.errors import Unsupported
from movalytics_workflows.local.expressions import parse

VALUES = {"retries": "2", "lastRetry.exitCode": "75", "lastRetry.status": "Failed", "lastRetry.message": "main: no"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('lastRetry.exitCode == "75"', True),
        ('lastRetry.exitCode != "75"', False),
        ("asInt(retries) < 3", True),
        ("asInt(retries) < 2", False),
        ("asInt(lastRetry.exitCode) == 75", True),
        ('lastRetry.message startsWith "main"', True),
        ('lastRetry.message startsWith "no"', False),
        ('lastRetry.message matches "^n|o$"', True),
        ('not (lastRetry.status == "Failed")', False),
        ('retries == "1" or retries == "2"', True),
        ('retries == "2" and retries == "1"', False),
        ('retries == "2" or retries == "1" and retries == "0"', True),
        ('(retries == "2" or retries == "1") and retries == "0"', False),
        ('not (retries == "1") and not (retries == "2")', False),
        ('  lastRetry.status\n  == "Failed"  ', True),
    ],
)
def test_an_expression_holds_or_not(text: str, expected: bool) -> None:
    assert parse(text)(VALUES) is expected


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("lastRetry.duration == 3", "lastRetry.duration"),
        ('retries == "1" || retries == "2"', "|"),
        ('!(retries == "1")', "!"),
        ('not retries == "1"', "retries"),
        ("asInt(retries) > 3", ">"),
        ('retries in ["1"]', "in"),
        ('lastRetry.message contains "x"', "contains"),
        ("lastRetry.message matches 'x'", "'"),
        ('retries == "1', '"'),
        (r'retries == "\("', '"'),
        ('retries == "1" "2"', '"2"'),
        ('(retries == "1"', "its end"),
        ("retries ==", "its end"),
        ('retries == "1")', ")"),
        ("", "its end"),
        ("true", "true"),
    ],
)
def test_refuses_what_it_does_not_know(text: str, token: str) -> None:
    with pytest.raises(Unsupported) as refused:
        parse(text)
    assert str(refused.value).startswith(f"the local runner does not know {token} in the expression")
