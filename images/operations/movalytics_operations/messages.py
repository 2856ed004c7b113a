"""What somebody is told, and the body of JSON in which each kind of receiver takes it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Template

from movalytics_common.errors import InvalidSettings, sentence

LONGEST = 1000  # characters of a text: PagerDuty takes 1,024 for its summary
Body = Mapping[str, object]


@dataclass(frozen=True)
class Message:
    """One thing to tell: `event` is a key of HEADLINES, `about` what plain JSON says besides.

    `remembered` is what the ledger keeps once it was told: a run, a day, or the checks that warn.
    """

    event: str
    source: str  # the warehouse, as host:port/database
    text: str
    about: Body = field(default_factory=dict)
    remembered: tuple[str, ...] = ()


# By event: how a person reads it, and how grave PagerDuty takes it; a success and a recovery end what is open there.
HEADLINES = {
    "failure": "Movalytics failed",
    "late": "Movalytics is late",
    "recovery": "Movalytics has recovered",
    "warnings": "Movalytics warns",
    "success": "Movalytics succeeded",
}
_SEVERITY = {"failure": "error", "late": "critical", "warnings": "warning"}


@dataclass(frozen=True)
class Receiver:
    """Who is told, all of it from the environment: `body` is a key of BODIES."""

    url: str
    body: str = "json"
    routing_key: str = ""
    template: str = ""

    def wants(self, event: str) -> bool:
        """A person is not told of each success; PagerDuty is, for what a success ends may be open there still."""
        return event != "success" or self.body in {"json", "pagerduty"}


def body(message: Message, receiver: Receiver) -> bytes:
    """The JSON to POST. Raises InvalidSettings, without quoting a setting, when the receiver makes no sense."""
    if receiver.body not in BODIES:
        raise InvalidSettings(f"NOTIFY_BODY must be one of {', '.join(BODIES)}")
    return BODIES[receiver.body](message, receiver).encode()


def bounded(text: str) -> str:
    """The text on one line, without what a terminal obeys, and not longer than a receiver takes."""
    shown = sentence(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _plain(message: Message, _: Receiver) -> str:
    about = {name: bounded(each) if isinstance(each, str) else each for name, each in message.about.items()}
    told = {"event": message.event, "source": message.source, **about, "message": bounded(message.text)}
    return json.dumps(told, default=str)


def _slack(message: Message, _: Receiver) -> str:
    head = f"*{HEADLINES[message.event]}* {_escaped(' '.join(filter(None, [_run(message), 'on', message.source])))}"
    return json.dumps({"text": "\n".join(filter(None, [head, _escaped(bounded(message.text))]))})


def _escaped(text: str) -> str:
    """As Slack wants it, so that a text mentions nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _pagerduty(message: Message, receiver: Receiver) -> str:
    if not receiver.routing_key:
        raise InvalidSettings("NOTIFY_ROUTING_KEY is missing: PagerDuty's integration shows it")
    severity = _SEVERITY.get(message.event)
    # Failures and lateness are one incident, which a recovery ends; warnings are another, which a person ends.
    key = f"movalytics/{message.source}{'/warnings' if message.event == 'warnings' else ''}"
    event: dict[str, object] = {
        "routing_key": receiver.routing_key,
        "event_action": "trigger" if severity else "resolve",
        "dedup_key": key[-255:],  # no longer one is taken
    }
    if severity:
        event["payload"] = _payload(message, severity)
    return json.dumps(event)


def _payload(message: Message, severity: str) -> Body:
    return {
        "summary": bounded(f"{HEADLINES[message.event]}: {message.text}"),
        "source": message.source,
        "severity": severity,
        "component": "movalytics",
        "class": message.event,
        "custom_details": {"run": _run(message)},
    }


def _own(message: Message, receiver: Receiver) -> str:
    """The template with what it names in it; its own quotes stand around each name."""
    words = {
        "event": message.event,
        "headline": HEADLINES[message.event],
        "run": _run(message),
        "source": message.source,
        "message": bounded(message.text),
    }
    if not receiver.template:
        raise InvalidSettings("NOTIFY_TEMPLATE is missing: NOTIFY_BODY=template takes it")
    try:
        text = Template(receiver.template).substitute({name: json.dumps(word)[1:-1] for name, word in words.items()})
    except (KeyError, ValueError) as error:  # which quotes the template
        names = ", ".join(f"${name}" for name in words)
        raise InvalidSettings(f"NOTIFY_TEMPLATE may name {names}, and writes another $ as $$") from error
    try:
        json.loads(text)
    except ValueError as error:
        raise InvalidSettings("NOTIFY_TEMPLATE makes no JSON: put quotes around each name in it") from error
    return text


def _run(message: Message) -> str:
    return bounded(str(message.about.get("run", "")))


BODIES: Mapping[str, Callable[[Message, Receiver], str]] = {
    "json": _plain,
    "slack": _slack,
    "pagerduty": _pagerduty,
    "template": _own,
}
