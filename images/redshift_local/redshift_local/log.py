"""Logging: events with fields on standard error, a JSON object a line, or readable in a terminal."""

import json
import logging
import sys
from datetime import UTC, datetime

_LOGGER = logging.getLogger("redshift_local")


def configure() -> None:
    """Send every event to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Readable() if sys.stderr.isatty() else _JsonLine())
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.propagate = False


def info(event: str, **fields: object) -> None:
    """Say what happened, as in `info("ready", address="127.0.0.1:5439")`."""
    _LOGGER.info(event, extra={"fields": fields})


def error(event: str, cause: Exception | None, **fields: object) -> None:
    """Say what went wrong, with the traceback of its cause if one is given."""
    _LOGGER.error(event, extra={"fields": fields}, exc_info=cause)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = getattr(record, "fields", {})
    return fields


class _JsonLine(logging.Formatter):
    """`{"event": …, "level": …, "timestamp": … (UTC, ISO 8601), …the event's fields}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the fields hold."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat()
        event = {"event": record.getMessage(), "level": record.levelname.lower(), "timestamp": moment}
        traceback = {"exception": self.formatException(record.exc_info)} if record.exc_info else {}
        return json.dumps({**event, **_fields(record), **traceback}, default=str)


class _Readable(logging.Formatter):
    """The time of day, the event and its fields; a traceback follows."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 logging's own name for it
        """One line, without the traceback."""
        fields = (f"{name}={value}" for name, value in _fields(record).items())
        return " ".join([super().formatMessage(record), *fields])
