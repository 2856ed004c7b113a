"""The table with which faults end: each fault, what came of it, whose the tables' digests are, and its seconds."""

import pytest


def tell(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the rows of the tests that recorded a fault."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    rows = [_row(report) for report in reports if report.when == "call" and dict(report.user_properties).get("fault")]
    for row in sorted(rows):
        terminalreporter.write_line(" | ".join(row))
    if rows:
        terminalreporter.write_line(f"{len(rows)} faults")


def _row(report: pytest.TestReport) -> tuple[str, ...]:
    told = dict(report.user_properties)
    outcome = str(told["outcome"]) if report.passed else f"WRONG: {told.get('outcome', 'no outcome')}"
    return str(told["fault"]), outcome, str(told.get("digests", "")), f"{report.duration:.1f}"
