"""`dictionary`: what every table, mart and answer is, as a page and as JSON, from the declarations alone."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

from movalytics_common import lake
from movalytics_common.declaration import Column, Table, marts, tables

from movalytics_warehouse.quality.suite import STAGES, every_check
from movalytics_warehouse.report.lineage import KINDS, answers, edges, nodes
from movalytics_warehouse.report.page import templates

WIDTH, GAP, HEIGHT, ROW, MARGIN = 222, 30, 24, 34, 30  # of the drawing: columns, boxes, lines, heads


def dictionary(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write `index.html` and `dictionary.json` into the folder `output`."""
    content = document()
    lake.write_bytes(lake.join(arguments.output, "dictionary.json"), json.dumps(content, indent=1).encode())
    lake.write_bytes(lake.join(arguments.output, "index.html"), page(content).encode())
    return {"tables": len(content["tables"]), "marts": len(content["marts"]), "answers": len(content["answers"])}


def document() -> dict[str, Any]:
    """Tables and marts with columns, keys, checks and origin; answers; lineage as edges."""
    return {
        "tables": [_table(table) for table in tables().values()],
        "marts": [_table(mart) for mart in marts().values()],
        "answers": [
            {"name": one.name, "description": one.description, "reads": one.reads} for one in answers().values()
        ],
        "lineage": edges(),
    }


def _table(table: Table) -> dict[str, Any]:
    origin = {"reads": table.reads} if table.is_mart else {"source": table.source, "application": table.application}
    return {
        "name": table.name,
        "label": table.label,
        "description": table.description,
        "primary_key": table.primary_key,
        "distribution": f"distributed by {table.distkey}" if table.distkey else "whole on every node",
        "sortkey": table.sortkey,
        **origin,
        "columns": [_column(column) for column in table.columns],
        "checks": sorted({check.name for stage in STAGES for check in every_check(stage) if check.table == table.name}),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.kind.text,
        "required": column.is_required,
        "description": column.description,
        "checks": [{"name": rule.name, "severity": rule.severity} for rule in column.rules if rule.test != "unique"],
    }


def page(content: Mapping[str, Any]) -> str:
    """The document as HTML that needs nothing beside it."""
    return templates().get_template("dictionary.html").render(**content, drawing=drawing())


def drawing() -> dict[str, Any]:
    """Boxes and curves of the lineage, a column for each kind, in SVG's units."""
    places: dict[str, tuple[int, int]] = {}
    for name, kind in nodes().items():
        above = sum(x == KINDS.index(kind) * WIDTH for x, _ in places.values())
        places[name] = (KINDS.index(kind) * WIDTH, MARGIN + above * ROW)
    return {
        "width": len(KINDS) * WIDTH - GAP,
        "height": max(y for _, y in places.values()) + ROW,
        "heads": [(number * WIDTH, kind) for number, kind in enumerate(KINDS)],
        "boxes": [
            {"name": name, "x": x, "y": y, "width": WIDTH - GAP, "height": HEIGHT} for name, (x, y) in places.items()
        ],
        "curves": [_curve(places[start], places[end]) for start, end in edges()],
    }


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    x0, y0, x1, y1 = start[0] + WIDTH - GAP, start[1] + HEIGHT // 2, end[0], end[1] + HEIGHT // 2
    if x1 < x0:  # of one column: from view to view
        return f"M{x0},{y0} C{x0 + 26},{y0} {x0 + 26},{y1} {x0},{y1}"
    return f"M{x0},{y0} C{(x0 + x1) // 2},{y0} {(x0 + x1) // 2},{y1} {x1},{y1}"
