"""Telling whoever wants to know, with a POST of JSON; who that is stands in the environment, from a Secret."""

import http.client
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message as Headers
from typing import IO

from movalytics_common.errors import InvalidSettings
from movalytics_common.log import get_logger

from movalytics_operations.messages import Message, Receiver, body

NOTIFY_SECONDS = 10
PAUSES_SECONDS = (1, 3)  # before the second and the third try
_TOO_MANY, _SERVERS_OWN = 429, 500


def receiver(environment: Mapping[str, str]) -> Receiver | None:
    """Who is told, by NOTIFY_URL, NOTIFY_BODY, NOTIFY_ROUTING_KEY and NOTIFY_TEMPLATE; None: nobody."""
    url = environment.get("NOTIFY_URL", "").strip()
    if not url:
        return None
    return Receiver(
        url=url,
        body=environment.get("NOTIFY_BODY", "").strip() or "json",
        routing_key=environment.get("NOTIFY_ROUTING_KEY", "").strip(),
        template=environment.get("NOTIFY_TEMPLATE", ""),
    )


def notify(message: Message, receiver: Receiver) -> bool:
    """POST the message; whether it arrived. Nobody listening is a warning, not a failure."""
    about = {"kind": message.event, "url": shown(receiver.url)}
    try:
        request = _request(message, receiver)
        _post(request)
    except urllib.error.HTTPError as error:
        error.close()
        get_logger().warning("not_notified", **about, error=f"HTTP {error.code}")
    except (InvalidSettings, OSError) as error:
        get_logger().warning("not_notified", **about, error=str(error))
    except (ValueError, http.client.HTTPException) as error:  # these quote the URL
        get_logger().warning("not_notified", **about, error=type(error).__name__)
    else:
        get_logger().info("notified", **about)
        return True
    return False


def _request(message: Message, receiver: Receiver) -> urllib.request.Request:
    if not receiver.url.startswith(("http://", "https://")):
        raise InvalidSettings("NOTIFY_URL must start with http:// or https://")
    headers = {"Content-Type": "application/json", "User-Agent": "movalytics"}
    return urllib.request.Request(receiver.url, body(message, receiver), headers)  # noqa: S310 checked above


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET, without its body."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> None:
        """Nowhere: the answer is an error like others."""


def _post(request: urllib.request.Request) -> None:
    """Try again what passes within seconds: a receiver that is away, busy or at fault itself."""
    opener = urllib.request.build_opener(_Stay)
    for pause in (*PAUSES_SECONDS, None):
        try:
            with opener.open(request, timeout=NOTIFY_SECONDS):
                return
        except OSError as error:
            if pause is None or not _passes(error):
                raise
        time.sleep(pause)


def _passes(error: OSError) -> bool:
    """One that was slow to answer may have taken the message: it is not told twice."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code == _TOO_MANY or error.code >= _SERVERS_OWN
    return isinstance(error, urllib.error.URLError) and isinstance(error.reason, ConnectionError | socket.gaierror)


def shown(url: str) -> str:
    """Whose URL it is: what stands before and after the host may be a secret."""
    found = re.match(r"https?://[^/?#\s]+", url)
    return f"{found[0]}/…" if found and "@" not in url else "…"
