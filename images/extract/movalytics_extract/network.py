"""The way out of this machine: proxies and certificates, as the user's environment names them, checked before use.

requests takes HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE by itself; what is
wrong with them it tells late, vaguely, or as an OSError. SSL_CERT_FILE and SSL_CERT_DIR are OpenSSL's names for the
same and taken after them.
"""

import os
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import requests
from movalytics_common.errors import InvalidSettings
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy

from movalytics_extract.patience import Patience

_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
_PROXIES = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"}


class PatientAdapter(HTTPAdapter):
    """Sends every request, redirects included, with our timeouts; urllib3's own retries stay off."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(max_retries=0)
        self._timeout = (patience.connect, patience.read)

    def send(self, request: requests.PreparedRequest, *args: object, **settings: object) -> requests.Response:
        """As requests does, but never without a timeout, nor through a proxy that is none. Raises InvalidSettings."""
        settings["timeout"] = settings.get("timeout") or self._timeout
        refuse_impossible_proxy(request.url or "")
        return super().send(request, *args, **settings)  # type: ignore[arg-type] # passed on as it came


def equip(session: requests.Session, patience: Patience) -> requests.Session:
    """Give a session our patience and the machine's certificates. Raises InvalidSettings when these are not there."""
    session.mount("http://", PatientAdapter(patience))
    session.mount("https://", PatientAdapter(patience))
    variable, path = certificates()
    if variable:
        _refuse_no_certificates(variable, path)
        session.verify = path
    return session


def certificates() -> tuple[str, str]:
    """The variable that names the certificates to trust, and its path; two empty texts when none does."""
    return next(((name, os.environ[name]) for name in _CERTIFICATES if os.environ.get(name)), ("", ""))


def proxy(url: str) -> str:
    """The proxy on the way to a URL and who named it, `http://host:3128 (HTTPS_PROXY)`, without its password."""
    found = _proxy(url)
    if not found:
        return ""
    split = urlsplit(found if "://" in found else f"http://{found}")
    return f"{split.scheme}://{split.netloc.rpartition('@')[2]} ({_variable(urlsplit(url).scheme)})"


def refuse_impossible_proxy(url: str) -> None:
    """Raise InvalidSettings when the proxy on the way to the URL is no address of one."""
    found = _proxy(url)
    if not found:
        return
    variable = _variable(urlsplit(url).scheme)
    try:
        split = urlsplit(found if "://" in found else f"http://{found}")
        usable = split.scheme in _PROXIES and split.hostname and split.port != 0
    except ValueError:
        usable = False
    if not usable:
        shown = found.rpartition("@")[2]
        raise InvalidSettings(
            f"the proxy {shown!r} in {variable} cannot be used: write it as http://HOST:PORT or socks5h://HOST:PORT"
        )


def _proxy(url: str) -> str:
    return select_proxy(url, get_environ_proxies(url)) or ""


def _variable(scheme: str) -> str:
    """The variable that names the proxy for a scheme; lower case wins, as urllib has it."""
    names = (name for kind in (scheme, "all") for name in (f"{kind}_proxy", f"{kind}_proxy".upper()))
    return next((name for name in names if os.environ.get(name)), "the system's settings")


def _refuse_no_certificates(variable: str, path: str) -> None:
    if not Path(path).exists():
        raise InvalidSettings(f"{variable}={path} is not there: correct it, or unset it to use the usual certificates")
    is_directory = Path(path).is_dir()
    try:
        ssl.create_default_context(cafile=None if is_directory else path, capath=path if is_directory else None)
    except OSError as error:  # ssl.SSLError is one
        raise InvalidSettings(f"{variable}={path} holds no certificates that can be read ({error.strerror})") from error
