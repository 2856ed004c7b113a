"""Where the checks' results go: the ledger, a JSON file and a JUnit file in the lake, and the exit code."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from xml.etree import ElementTree as ET

from movalytics_common import lake
from movalytics_common.errors import ChecksFailed
from movalytics_common.log import get_logger
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.quality.checks import Result, Stage
from movalytics_warehouse.quality.judgement import Red, advice, sentence
from movalytics_warehouse.redshift.statements import execute, execute_rows


def record(connection: Connection, run_id: str, stage: Stage, digest: str | None, results: Sequence[Result]) -> None:
    """Replace the stage's results of this run in movies_ops.quality_result."""
    execute(connection, "movies_ops/clear_results", run_id=run_id, stage=stage)
    key = {"run_id": run_id, "stage": stage, "content_digest": digest}
    execute_rows(connection, "movies_ops/insert_result", [key | asdict(result) for result in results])


def recorded(connection: Connection, run_id: str, stage: Stage, digest: str) -> list[Result]:
    """The stage's results for this run and this content, as the ledger has them."""
    rows = execute(connection, "movies_ops/results", run_id=run_id, stage=stage)
    return [
        Result(**{name: value for name, value in row.items() if name != "content_digest"})
        for row in rows
        if row["content_digest"] == digest
    ]


def write_files(output: str, stage: Stage, run_id: str, results: Sequence[Result]) -> None:
    """`checks-<stage>.json` and `checks-<stage>.xml` in the lake's folder `output`."""
    document = {"run": run_id, "stage": stage, "checks": [_as_json(result) for result in results]}
    lake.write_bytes(
        lake.join(output, f"checks-{stage}.json"),
        json.dumps(document, indent=1, ensure_ascii=False, default=str).encode(),
    )
    lake.write_bytes(lake.join(output, f"checks-{stage}.xml"), junit(stage, results))


def _as_json(result: Result) -> dict[str, object]:
    return {**asdict(result), "sample": json.loads(result.sample), "checked_at": result.checked_at.isoformat() + "Z"}


def junit(stage: Stage, results: Sequence[Result]) -> bytes:
    """The results as one JUnit test suite: only what stops a run is a failure, a warning is a note."""
    counts = {
        "tests": len(results),
        "failures": sum(r.state == "fail" and r.is_red for r in results),
        "errors": sum(r.state == "error" for r in results),
        "skipped": sum(r.state == "skip" for r in results),
    }
    suite = ET.Element("testsuite", {"name": f"checks-{stage}", **{k: str(n) for k, n in counts.items()}})
    for result in results:
        attributes = {"classname": result.table_name, "name": result.check_name, "time": f"{result.seconds:.3f}"}
        _add_outcome(ET.SubElement(suite, "testcase", attributes), result)
    text = ET.tostring(suite, encoding="unicode", xml_declaration=True)
    return str(text).encode()


def _add_outcome(case: ET.Element, result: Result) -> None:
    words = {"fail": "failure" if result.is_red else "system-out", "error": "error", "skip": "skipped"}
    if result.state == "pass":
        return
    note = ET.SubElement(case, words[result.state])
    message = f"{result.severity}: {result.violations} rows" if result.state == "fail" else result.state
    if note.tag != "system-out":
        note.set("message", message)
    note.text = "".join(letter if letter.isprintable() else "?" for letter in f"{message} {result.sample}")


def conclude(stage: Stage, run_id: str, results: Sequence[Result], output: str) -> dict[str, object]:
    """Counts by state for the step's record. Raises ChecksFailed that says what stops the run; its files are there."""
    for result in results:
        if result.state in {"fail", "error"}:
            log = get_logger().error if result.is_red else get_logger().warning
            log("check", table=result.table_name, check=result.check_name, state=result.state, rows=result.violations)
    if red := [Red(stage, r.table_name, r.check_name, r.sample) for r in results if r.is_red]:
        outcome = "is published, but" if stage == "published" else "is not published:"
        place = lake.join(output, f"checks-{stage}.json").removeprefix("file://")
        said = [sentence(red), advice(red), f"the offending rows are in {place}"]
        raise ChecksFailed(f"run {run_id} {outcome} {'; '.join(filter(None, said))}")
    states = ("pass", "fail", "error", "skip")
    return {"checks": len(results), **{state: sum(r.state == state for r in results) for state in states}}
