"""Telling whoever wants to know how a run ended, with a POST of JSON."""

import argparse
import http.client
import json
import re
import urllib.request
from collections.abc import Mapping

from movalytics_common.errors import Unavailable
from movalytics_common.log import get_logger

NOTIFY_SECONDS = 10


def add_notify(parser: argparse.ArgumentParser) -> None:
    """`--notify`, who wants to be told, and `--last-exit-code`, whether an earlier attempt has done so."""
    parser.add_argument("--notify", default="", metavar="URL", help="where to POST the outcome; empty for nowhere")
    parser.add_argument(
        "--last-exit-code",
        default="0",
        metavar="CODE",
        help="of this step's attempt before; after 75 it has told already",
    )


def unless_told(arguments: argparse.Namespace) -> str:
    """`--notify`, or nowhere when the attempt before this one failed only after it had told."""
    return "" if arguments.last_exit_code == str(Unavailable.exit_code) else str(arguments.notify)


def notify(url: str, outcome: Mapping[str, object]) -> None:
    """POST the outcome as JSON when there is somewhere to; nobody listening is a warning, not a failure."""
    if not url:
        return
    if not url.startswith(("http://", "https://")):
        get_logger().warning("not_notified", url=shown(url), error="the URL must start with http:// or https://")
        return
    body = json.dumps(outcome).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 checked above
    try:
        with urllib.request.urlopen(request, timeout=NOTIFY_SECONDS):  # noqa: S310
            get_logger().info("notified", url=shown(url))
    except OSError as error:
        get_logger().warning("not_notified", url=shown(url), error=str(error))
    except (ValueError, http.client.HTTPException) as error:  # these quote the URL
        get_logger().warning("not_notified", url=shown(url), error=type(error).__name__)


def shown(url: str) -> str:
    """Whose URL it is: what stands before and after the host may be a secret."""
    found = re.match(r"https?://[^/?#\s]+", url)
    return f"{found[0]}/…" if found and "@" not in url else "…"
