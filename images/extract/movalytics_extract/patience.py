"""How long we wait for a web server and when we try again: every retry of this room is owned here."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import requests
from movalytics_common.errors import AccessDenied, InvalidData, MissingInput, PipelineError, Unavailable
from movalytics_common.log import get_logger
from requests.adapters import HTTPAdapter

Result = TypeVar("Result")


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for a connection and for each read; tries in a row without a byte of progress; pauses."""

    connect: float = 10
    read: float = 60
    attempts: int = 6
    pause: float = 1  # doubled from try to try, unless the server names its own
    longest_pause: float = 120


class TryAgain(Unavailable):
    """What may pass by itself; `pause` is what the server asked for, in seconds."""

    def __init__(self, sentence: str, pause: float | None = None) -> None:
        super().__init__(sentence)
        self.pause = pause


class PatientAdapter(HTTPAdapter):
    """Sends every request, redirects included, with our timeouts; urllib3's own retries stay off."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(max_retries=0)
        self._timeout = (patience.connect, patience.read)

    def send(self, request: requests.PreparedRequest, *args: object, **settings: object) -> requests.Response:
        """As requests does, but never without a timeout."""
        settings["timeout"] = settings.get("timeout") or self._timeout
        return super().send(request, *args, **settings)  # type: ignore[arg-type] # passed on as it came


def retrying(call: Callable[[], Result], patience: Patience) -> Result:
    """The call's result; on TryAgain pause and call again, and raise the last TryAgain when patience is at its end."""
    attempt = 1
    while True:
        try:
            return call()
        except TryAgain as error:
            pause = patience.pause * 2 ** (attempt - 1) if error.pause is None else error.pause
            if attempt >= patience.attempts or pause > patience.longest_pause:
                raise
            get_logger().warning("retry", reason=str(error), attempt=attempt, pause=pause)
            time.sleep(pause)
            attempt += 1


def explain(error: requests.RequestException, who: str, what: str) -> PipelineError:
    """The error of a request for `what` as ours, in words without the URL (it may hold a key or a signature)."""
    if isinstance(error, requests.HTTPError):
        return _explain_refusal(error, who, what)
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable(f"{who} cannot be reached safely (TLS failed): check the proxy and REQUESTS_CA_BUNDLE")
    if isinstance(error, requests.Timeout):
        return TryAgain(f"{who} did not answer in time for {what}: check the network, or run again later")
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return TryAgain(f"the connection to {who} was cut while {what} was read: check the network, or run again later")
    if isinstance(error, requests.ConnectionError):
        return TryAgain(f"{who} is unreachable for {what}: check the network and the proxy, or run again later")
    return InvalidData(f"{who} answered {what} in a way that cannot be understood ({type(error).__name__})")


def _explain_refusal(error: requests.HTTPError, who: str, what: str) -> PipelineError:
    response = error.response
    status, said = response.status_code, _words(error)
    response.close()
    if status in {408, 425, 429} or status >= 500:
        pause = _retry_after(response)
        later = "later" if pause is None else f"in {pause:.0f} seconds"
        return TryAgain(f"{who} could not serve {what} now (HTTP {status}): run again {later}", pause)
    if status in {401, 407}:
        return AccessDenied(f"{who} refused the credentials for {what} (HTTP {status}{said}): check them")
    if status == 403:
        return AccessDenied(
            f"{who} refused {what} (HTTP 403{said}): check the credentials, the name, and whether it is private"
        )
    if status in {404, 410}:
        return MissingInput(f"{who} has no {what} (HTTP {status}{said}): check the name and the version")
    return InvalidData(f"{who} refused the request for {what} (HTTP {status}{said})")


def _words(error: requests.HTTPError) -> str:
    """The server's own message, where it is one short line and not requests' (which holds the URL)."""
    message = str(error)
    plain = message and len(message) < 200 and "\n" not in message and "://" not in message
    return f", {message}" if plain else ""


def _retry_after(response: requests.Response) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3)."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
