"""What the rounds of a benchmark come to: medians, their spread, and ratios, as JSON, as a table and as a plot."""

import html
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any

import psutil

Document = Mapping[str, Any]
BAR, GAP, LEFT, WIDTH = 22, 8, 150, 640


def about() -> Document:
    """When it was measured, and on which machine."""
    machine = {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "system": platform.system(),
    }
    return {"measured_at": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine}


def document(rows: int, rounds: Sequence[Mapping[str, Mapping[str, Any]]]) -> Document:
    """All that was measured, and its summary by contestant."""
    found = {name: summary(name, rounds) for name in rounds[0]}
    return {**about(), "rows": rows, "summary": found, "rounds": rounds}


def summary(name: str, rounds: Sequence[Mapping[str, Mapping[str, Any]]]) -> Mapping[str, Any]:
    """Medians over the rounds; a ratio is the median of each round's own, as rounds differ more than contestants do."""
    own = [one[name] for one in rounds]
    seconds = [one["seconds"] for one in own]
    steps = dict.fromkeys(step for one in own for step in one["steps"])
    return {
        "seconds": round(median(seconds), 1),
        "least": round(min(seconds), 1),
        "most": round(max(seconds), 1),
        "of_floor": round(median(one[name]["seconds"] / one["floor"]["seconds"] for one in rounds), 2),
        "of_full": round(median(one[name]["seconds"] / one["full"]["seconds"] for one in rounds), 3),
        "peak_mib": round(median(one["peak"] for one in own) / 2**20),
        "written_mib": round(median(one["written"] for one in own) / 2**20),
        "steps": {step: round(median(one["steps"].get(step, 0) for one in own), 2) for step in steps},
    }


def table(found: Document) -> str:
    """In Markdown: a line for each contestant, and one for each of its steps."""
    machine = found["machine"]
    where = f"{found['measured_at']}, {machine['cores']} cores, {machine['memory_gib']} GiB"
    lines = [
        f"{found['rows']:,} ratings, medians of {len(found['rounds'])} rounds, {where}.",
        "",
        "| | seconds | least to most | of the floor | of full | peak MiB | written MiB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, one in found["summary"].items():
        numbers = f"{one['seconds']} | {one['least']} to {one['most']} | {one['of_floor']} | {one['of_full']:.1%}"
        lines.append(f"| **{name}** | {numbers} | {one['peak_mib']} | {one['written_mib']} |")
        lines += [f"| {step} | {seconds} | | | | | |" for step, seconds in one["steps"].items()]
    return "\n".join(lines) + "\n"


def plot(found: Document) -> str:
    """Bars of seconds, as SVG."""
    longest = max(one["seconds"] for one in found["summary"].values())
    bars = []
    for place, (name, one) in enumerate(found["summary"].items()):
        top, length = place * (BAR + GAP), one["seconds"] / longest * (WIDTH - LEFT - 90)
        bars += [
            f'<text x="{LEFT - 8}" y="{top + 16}" text-anchor="end">{html.escape(name)}</text>',
            f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}" fill="#3b6ea5"/>',
            f'<text x="{LEFT + length + 6:.1f}" y="{top + 16}">{one["seconds"]} s</text>',
        ]
    height = len(found["summary"]) * (BAR + GAP)
    style = 'font-family="sans-serif" style="background: white"'  # readable on a dark page too
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {style}>'
    return "\n".join([head, *bars, "</svg>", ""])
