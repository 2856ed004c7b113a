"""What stands in for the chart's values on one machine: the home's directories, the sources, modest sizes."""

import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from movalytics_common.errors import MissingInput

from movalytics_workflows.chart import values
from movalytics_workflows.house import SAMPLE, SAMPLE_FACTS
from movalytics_workflows.settings import ENVIRONMENT, RETRIES, SIZES

_SIX_HOURS = "21600"  # a laptop may be slow; the deadline is for what never ends
# Somebody sits before it: half a minute of pauses in all.
_RETRIES = {"retry-limit": "5", "retry-pause": "1", "retry-longest-pause": "20"}
_GIB = 2**30


@dataclass(frozen=True)
class Home:
    """The directory that holds a machine's lake and warehouse."""

    root: Path

    @property
    def lake(self) -> str:
        """The lake's URI; taken literally, so a space stays a space."""
        return f"file://{self.root / 'lake'}"

    @property
    def lock(self) -> Path:
        """Held by the one command at work here."""
        return self.root / "lock"

    @property
    def warehouse(self) -> Path:
        """The stand-in's data."""
        return self.root / "warehouse"

    @property
    def address(self) -> Path:
        """Where the stand-in listens, while it does."""
        return self.root / "address"

    @property
    def password_file(self) -> Path:
        """The warehouse's password."""
        return self.root / "password"

    def run(self, name: str) -> Path:
        """What a run leaves outside the lake: logs, outputs, scratch."""
        return self.root / "runs" / name

    def password(self) -> str:
        """The warehouse's password, made at the first call and readable by its owner alone."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not self.password_file.exists():
            new = self.password_file.with_suffix(".new")
            new.unlink(missing_ok=True)
            new.touch(mode=0o600)
            new.write_text(secrets.token_urlsafe(24))
            new.replace(self.password_file)
        return self.password_file.read_text()


def local_path(uri: str) -> Path:
    """The path of a URI in a home's lake."""
    return Path(uri.removeprefix("file://"))


def run_name(workflow: str) -> str:
    """A name for a run that starts now (UTC), as the CronWorkflow would give: `movalytics-daily-20260131-040500`."""
    return f"{workflow}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


def sources(given: str, caller: Path) -> dict[str, str]:
    """Where movies and CPI come from, and what is declared of them: `movies-source`, `cpi-source`, `sample`, `allow`.

    '' is the sample, `kaggle` the originals, anything else a directory or archive, relative to the caller's directory.
    Raises MissingInput when it is not there.
    """
    if given == "kaggle":
        originals = {f"{name}-source": place for name, place in values()["sources"].items()}
        return {**originals, "sample": "", "allow": ""}
    path = (caller / Path(given).expanduser()).resolve() if given else SAMPLE
    if not path.exists():
        raise MissingInput(
            f"SOURCE={given or path} is not there: give a directory or a .zip laid out as Kaggle's archive, or kaggle"
        )
    facts = tomllib.loads(SAMPLE_FACTS.read_text()) if path == SAMPLE else {}
    declared = {name: str(facts.get(name, "")) for name in ("sample", "allow")}
    return {"movies-source": str(path), "cpi-source": str(path), **declared}


def spark_memory() -> str:
    """The heap of an application's one process, as Java takes it: an eighth of the machine's memory, 1 or 2 GiB.

    26 million ratings take as long with 1 GiB as with 3, and Java would fill what it may have.
    """
    return f"{max(1, min(2, psutil.virtual_memory().total // _GIB // 8))}g"


def parameter_settings(home: Home, warehouse: str, debug: bool) -> Mapping[str, str]:
    """A value for each parameter that the chart fills in on a cluster."""
    # Of these local mode honours the executor's memory alone.
    sizes = dict.fromkeys(SIZES, "1") | {"driver-memory": spark_memory(), "executor-memory": spark_memory()}
    return {
        **dict.fromkeys(ENVIRONMENT, ""),
        "lake": home.lake,
        "warehouse": warehouse,
        "time-zone": "Etc/UTC",  # nobody waits for a day's run here, and a run's name is of UTC too
        "copy-role": "arn:aws:iam::000000000000:role/local",
        "retention-keep": str(values()["retention"]["keep"]),
        "debug": "true" if debug else "false",
        **{f"{application}-{key}": text for application in values()["applications"] for key, text in sizes.items()},
        **{f"{step}-deadline": _SIX_HOURS for step in values()["deadlines"]},
        **dict.fromkeys(RETRIES, _SIX_HOURS) | _RETRIES,
    }
