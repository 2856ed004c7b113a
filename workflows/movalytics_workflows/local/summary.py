"""The last words of a run: the four answers, what they rest on, what was lost, where the page is, how to ask more."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from movalytics_workflows import lake
from movalytics_workflows.house import DEFAULT_HOME
from movalytics_workflows.local.losses import loss_lines
from movalytics_workflows.local.settings import Home, local_path


def page(home: Home, run: str) -> Path:
    """Where the run's page is on this machine."""
    return local_path(lake.reports(home.lake, run)) / "index.html"


def latest_page(home: Home) -> Path | None:
    """The page that was written last; None before the first run."""
    pages = list(local_path(lake.reports(home.lake, "")).parent.glob("run=*/index.html"))
    return max(pages, key=lambda path: path.stat().st_mtime, default=None)


def last_words(home: Home, run: str) -> str:
    """The block at the end of `make run`."""
    document = json.loads((page(home, run).with_name("report.json")).read_text())
    headlines = [f"  {number}. {answer['headline']}" for number, answer in enumerate(document["answers"].values(), 1)]
    return "\n".join(
        [
            *("", "The four answers", *headlines, ""),
            *_what_they_rest_on(document),
            *loss_lines(home, run),
            *_remarks(document),
            *("", f"The page   {page(home, run)}", f"Ask more   {asking(home)}"),
        ]
    )


def asking(home: Home) -> str:
    """A query to begin with; make knows one home alone."""
    select = '"select * from movies.highest_rated_films where position <= 10 order by position"'
    if home.root == DEFAULT_HOME:
        return f"make query SQL={select}"
    return f"movalytics query --home={shlex.quote(str(home.root))} --sql={select}"


def _what_they_rest_on(document: Mapping[str, Any]) -> list[str]:
    data = document["data"]
    sample = [f"Sample     {data['sample']}"] if data["sample"] else []
    return [*sample, f"Data       ratings until {data['ratings_until']}, prices until {data['prices_until']}"]


def _remarks(document: Mapping[str, Any]) -> list[str]:
    allowed = [f"{one['name']} up to {100 * one['share']:g} %" for one in document["allowed"]]
    warned = document["warned"]
    return [
        *([f"Allowed    {', '.join(allowed)}"] if allowed else []),
        *([f"Warned     {', '.join(warned)}: the page says what they found"] if warned else []),
    ]
