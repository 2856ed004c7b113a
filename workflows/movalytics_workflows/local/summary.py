"""The last words of a good run: the four answers, where the page is, how to ask more."""

import json
from pathlib import Path

from movalytics_workflows import lake
from movalytics_workflows.local.settings import Home


def page(home: Home, run: str) -> Path:
    """Where the run's page is on this machine."""
    return _local(lake.reports(home.lake, run)) / "index.html"


def latest_page(home: Home) -> Path | None:
    """The page that was written last; None before the first run."""
    pages = list(_local(lake.reports(home.lake, "")).parent.glob("run=*/index.html"))
    return max(pages, key=lambda path: path.stat().st_mtime, default=None)


def last_words(home: Home, run: str) -> str:
    """The block at the end of `make run`."""
    document = json.loads((page(home, run).with_name("report.json")).read_text())
    headlines = [f"  {number}. {answer['headline']}" for number, answer in enumerate(document["answers"].values(), 1)]
    asking = 'make query SQL="select * from movies.highest_rated_films where position <= 10 order by position"'
    return "\n".join(["", "The four answers", *headlines, "", f"The page   {page(home, run)}", f"Ask more   {asking}"])


def _local(uri: str) -> Path:
    return Path(uri.removeprefix("file://"))
