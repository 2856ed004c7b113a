"""Event logs of real runs of transform-ratings, kept as what `advise` reads of them.

`out-of-heap`: two million ratings (tests/benchmark/generate_ratings.py) with 640 MiB; `applied`: the same with what was
advised then. `much`: the sample with 5 GiB. All on one machine with two cores. To record another:
`python -m tests.unit.operations.recorded EVENTS_FILE tests/data/event_logs/NAME.jsonl.gz`.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from movalytics_operations.usage import READERS

FOLDER = Path(__file__).parents[2] / "data" / "event_logs"
# Of a machine's own settings, those that are read.
SETTINGS = ("spark.master", "spark.driver.memory", "spark.executor.memory", "spark.executor.memoryOverhead")


def place(name: str, lake: Path, run: str, application: str = "ratings", attempt: str = "1") -> None:
    """The recorded log in the lake, as if it were of this run."""
    folder = lake / "spark-events" / f"eventlog_v2_{name}{attempt}"
    folder.mkdir(parents=True)
    text = gzip.decompress((FOLDER / f"{name}.jsonl.gz").read_bytes()).decode()
    (folder / f"events_1_{name}{attempt}").write_text(
        text.replace("RUN-transform-ratings", f"{run}-transform-{application}")
    )


def main(log: str, output: str) -> None:
    """Keep of an event log what is read, without what is the machine's."""
    with Path(log).open() as every:  # a line ends with LF alone
        events = [event for line in every if (event := json.loads(line))["Event"] in READERS]
    lines = [json.dumps(kept(event), separators=(",", ":")) for event in events]
    Path(output).write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0))


def kept(event: dict[str, Any]) -> dict[str, Any]:
    """The event without what is read by nobody and is large or the machine's own."""
    if "Spark Properties" in event:
        settings = {name: text for name, text in event["Spark Properties"].items() if name in SETTINGS}
        return {"Event": event["Event"], "Spark Properties": settings}
    if "Task Info" in event:
        event["Task Info"].pop("Accumulables", None)
        reason = event["Task End Reason"]
        causes = [line for line in reason.get("Full Stack Trace", "").splitlines() if line.startswith("Caused by")]
        event["Task End Reason"] = {"Reason": reason["Reason"], "Full Stack Trace": "\n".join(causes)}
    if "App Name" in event:
        event |= {"App Name": "RUN-transform-ratings", "User": "spark"}
    return event


if __name__ == "__main__":
    main(*sys.argv[1:])
