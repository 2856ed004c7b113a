"""What a request can fail with, as our errors: who, what, and which part of the way is to blame; never the URL.

A URL may hold a key or a signature. What may pass by itself is TryAgain; what cannot (a certificate that is not
trusted, a proxy that wants a password, an address that is none) fails at once.
"""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException

import requests
import urllib3
from movalytics_common.errors import (
    AccessDenied,
    InvalidData,
    InvalidSettings,
    MissingInput,
    PipelineError,
    Unavailable,
)

from movalytics_extract import network
from movalytics_extract.patience import TryAgain

# All that a request lets through: requests' own errors (OSErrors, as a file of certificates that vanishes gives),
# urllib3's, http.client's, and the idna codec's.
FAILURES = (OSError, urllib3.exceptions.HTTPError, HTTPException, UnicodeError)
_NO_ADDRESS = (requests.exceptions.InvalidURL, urllib3.exceptions.LocationValueError, UnicodeError)
_CUT = (
    *(requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError),
    *(urllib3.exceptions.ProtocolError, urllib3.exceptions.DecodeError, HTTPException),
)
_LATER = "check the network, or run again later"


def as_pipeline_error(error: Exception, who: str, what: str, credentials: str = "") -> PipelineError:
    """The failure of a request for `what` as ours; `credentials` says where those that were sent are from."""
    if isinstance(error, PipelineError):
        return error
    if isinstance(error, requests.HTTPError):
        return _refused(error, who, what, credentials)
    if isinstance(error, requests.exceptions.ProxyError):
        return _by_proxy(error, who)
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return _by_tls(error, who)
    if isinstance(error, _NO_ADDRESS):
        return InvalidSettings(f"the address of {who} is none ({_reason(error)}): correct the source")
    return _by_connection(error, who, what)


def _by_connection(error: Exception, who: str, what: str) -> PipelineError:
    if isinstance(error, requests.Timeout | TimeoutError):
        return TryAgain(f"{who} did not answer in time for {what}{_through(error)}: {_LATER}")
    if isinstance(error, _CUT):
        return TryAgain(f"the connection to {who} was cut while {what} was read: {_LATER}")
    if isinstance(error, requests.RequestException) and not isinstance(error, requests.ConnectionError):
        return InvalidData(f"{who} answered {what} in a way that cannot be understood ({type(error).__name__})")
    check = "check the network and the proxy, or run again later"
    return TryAgain(f"{who} is unreachable for {what}{_through(error)} ({_reason(error)}): {check}")


def _by_proxy(error: requests.exceptions.ProxyError, who: str) -> PipelineError:
    proxy = _proxy(error)
    answer = re.search(r"Tunnel connection failed: (\d+)", str(error))
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return InvalidSettings(f"the proxy {proxy} does not speak TLS: write its address as http://HOST:PORT")
    if answer and answer[1] == "407":
        return _proxy_denied(proxy)
    if answer and answer[1].startswith("4"):
        return AccessDenied(f"the proxy {proxy} does not let us reach {who} (HTTP {answer[1]}): ask who runs it")
    said = f"HTTP {answer[1]}" if answer else _reason(error)
    return TryAgain(f"the proxy {proxy} on the way to {who} cannot be used ({said}): correct it, or run again later")


def _proxy_denied(proxy: str) -> AccessDenied:
    return AccessDenied(f"the proxy {proxy} wants credentials or refused them: write http://USER:PASSWORD@HOST:PORT")


def _by_tls(error: Exception, who: str) -> PipelineError:
    """A certificate that is not trusted will not be in a minute; a handshake that breaks off may pass."""
    untrusted = [cause for cause in _causes(error) if isinstance(cause, ssl.SSLCertVerificationError)]
    if untrusted:
        variable, path = network.certificates()
        trusted = f"{variable}={path}" if variable else "the usual certificates (REQUESTS_CA_BUNDLE names others)"
        return InvalidSettings(
            f"{who} cannot be trusted (TLS: {untrusted[-1].verify_message}){_through(error)}, by {trusted}:"
            " add your network's certificate authority to them, or correct the address"
        )
    broken_off = any(isinstance(cause, ssl.SSLEOFError) for cause in _causes(error))
    kind = TryAgain if broken_off else Unavailable
    return kind(f"{who} cannot be reached safely (TLS failed: {_reason(error)}){_through(error)}: {_LATER}")


def _refused(error: requests.HTTPError, who: str, what: str, credentials: str) -> PipelineError:
    response = error.response
    status, said = response.status_code, _words(error)
    response.close()
    ours = f" from {credentials}" if credentials else ""
    if status in {408, 423, 425, 429} or status >= 500:
        pause = _retry_after(response)
        later = "later" if pause is None else f"in {pause:.0f} seconds"
        return TryAgain(f"{who} could not serve {what} now (HTTP {status}): run again {later}", pause)
    if status == 407:
        return _proxy_denied(_proxy(error))
    if status == 401:
        return AccessDenied(f"{who} refused the credentials{ours} for {what} (HTTP 401{said}): check them")
    if status == 403:
        sent = f"with the credentials{ours} " if credentials else ""
        return AccessDenied(
            f"{who} refused {what} {sent}(HTTP 403{said}): check the credentials, the name, and whether it is private"
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


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what is behind it, outermost first; urllib3 keeps causes in `reason` and in its arguments."""
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        behind = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [found for found in behind if isinstance(found, BaseException)]


def _reason(error: Exception) -> str:
    """The system's own word for it: `Connection refused`, `Name or service not known`, else the innermost kind."""
    *_, innermost = _causes(error)
    words = getattr(innermost, "reason", None) or getattr(innermost, "strerror", None)
    return words if isinstance(words, str) else type(innermost).__name__


def _through(error: Exception) -> str:
    proxy = _proxy(error)
    return f" through the proxy {proxy}" if proxy else ""


def _proxy(error: Exception) -> str:
    request = getattr(error, "request", None)
    return network.proxy(request.url) if request is not None else ""
