"""The bodies of JSON: what Slack, PagerDuty, a template and plain JSON take, whatever a message holds."""

import json
from dataclasses import replace
from typing import Any

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_operations.messages import HEADLINES, LONGEST, Message, Receiver, body

PLAIN = Receiver("https://example.org/hook")
SLACK = replace(PLAIN, body="slack")
PAGERDUTY = replace(PLAIN, body="pagerduty", routing_key="R0UT1NG")
FAILED = Message("failure", "host:5439/dev", "plan: no password", {"run": "daily-x", "status": "Failed"}, ("daily-x",))
HOSTILE = 'Tom & "Jerry" <!channel> \\ $message \n\x1b[31m *bold* \u202e'


def told(message: Message, receiver: Receiver) -> Any:
    return json.loads(body(message, receiver))


def own(template: str) -> Receiver:
    return replace(PLAIN, body="template", template=template)


def test_plain_json_says_what_finish_knows() -> None:
    assert told(FAILED, PLAIN) == {
        "event": "failure",
        "source": "host:5439/dev",
        "run": "daily-x",
        "status": "Failed",
        "message": "plan: no password",
    }


def test_slack_gets_a_headline_and_the_reason() -> None:
    assert told(FAILED, SLACK) == {"text": "*Movalytics failed* daily-x on host:5439/dev\nplan: no password"}


def test_slack_mentions_nobody_and_links_nowhere() -> None:
    text = told(replace(FAILED, text="<!channel> & <https://example.org|film>"), SLACK)["text"]
    assert text.splitlines()[1] == "&lt;!channel&gt; &amp; &lt;https://example.org|film&gt;"


def test_pagerduty_opens_one_incident_for_failure_and_lateness_which_a_success_ends() -> None:
    failed, late, recovered, succeeded = (
        told(replace(FAILED, event=event), PAGERDUTY) for event in ("failure", "late", "recovery", "success")
    )
    assert failed == {
        "routing_key": "R0UT1NG",
        "event_action": "trigger",
        "dedup_key": "movalytics/host:5439/dev",
        "payload": {
            "summary": "Movalytics failed: plan: no password",
            "source": "host:5439/dev",
            "severity": "error",
            "component": "movalytics",
            "class": "failure",
            "custom_details": {"run": "daily-x"},
        },
    }
    assert (late["event_action"], late["payload"]["severity"]) == ("trigger", "critical")
    end = {"routing_key": "R0UT1NG", "event_action": "resolve", "dedup_key": "movalytics/host:5439/dev"}
    assert recovered == succeeded == end
    assert late["dedup_key"] == end["dedup_key"]


def test_pagerduty_keeps_warnings_apart() -> None:
    warned = told(replace(FAILED, event="warnings"), PAGERDUTY)
    assert (warned["event_action"], warned["payload"]["severity"]) == ("trigger", "warning")
    assert warned["dedup_key"] == "movalytics/host:5439/dev/warnings"


def test_pagerduty_takes_no_longer_key() -> None:
    assert len(told(replace(FAILED, source="h" * 300), PAGERDUTY)["dedup_key"]) == 255


def test_a_template_says_it_in_its_own_words() -> None:
    template = '{"what": "$headline ($event)", "of": ["$run", "$source"], "price": "5 $$", "why": "${message}!"}'
    assert told(FAILED, own(template)) == {
        "what": "Movalytics failed (failure)",
        "of": ["daily-x", "host:5439/dev"],
        "price": "5 $",
        "why": "plan: no password!",
    }


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ('{"a": "$secret"}', "may name"),
        ('{"a": "$"}', "may name"),
        ('{"a": "${message"}', "may name"),
        ('{"a": $message}', "makes no JSON"),
        ("$message", "makes no JSON"),
        ("", "is missing"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused_and_not_quoted(template: str, error: str) -> None:
    with pytest.raises(InvalidSettings, match=error) as refused:
        body(FAILED, own(template))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("receiver", [replace(PLAIN, body="teams"), replace(PAGERDUTY, routing_key="")])
def test_a_receiver_that_makes_no_sense_is_refused(receiver: Receiver) -> None:
    with pytest.raises(InvalidSettings, match=r"NOTIFY_BODY must be one of json, slack|NOTIFY_ROUTING_KEY is missing"):
        body(FAILED, receiver)


@pytest.mark.parametrize("event", HEADLINES)
@pytest.mark.parametrize("receiver", [PLAIN, SLACK, PAGERDUTY, own('{"text": "$message", "run": "$run"}')])
@pytest.mark.parametrize("text", [HOSTILE, "", "x" * 5000, "🎬" * 5000, HOSTILE * 500])
def test_whatever_it_holds_it_is_one_bounded_line_of_json(event: str, receiver: Receiver, text: str) -> None:
    message = Message(event, "host:5439/dev", text, {"run": text, "reason": text, "removed": [text]})
    sent = body(message, receiver)
    found = json.loads(sent)
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)
    said = found.get("message", found.get("text", ""))
    assert len(said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) < 3 * LONGEST


def test_a_success_is_told_to_those_who_do_something_with_it() -> None:
    wants = {receiver.body: receiver.wants("success") for receiver in (PLAIN, SLACK, PAGERDUTY, own("{}"))}
    assert wants == {"json": True, "pagerduty": True, "slack": False, "template": False}
    assert all(receiver.wants(event) for receiver in (PLAIN, SLACK) for event in HEADLINES if event != "success")
