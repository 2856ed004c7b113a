"""Why checks stop a run, as one sentence: what was lost, how much may be, and how a person allows it once."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from movalytics_warehouse.plan.allowance import NOT_BY_NAME, decimal
from movalytics_warehouse.plan.ceilings import TOTAL, declared
from movalytics_warehouse.words import reason as meaning

Row = Mapping[str, Any]
SHOWN = 2  # a run's message has room for 500 characters


@dataclass(frozen=True)
class Red:
    """A check that stops a run: its offending rows, or why it could not run, are the JSON text `sample`."""

    stage: str
    table_name: str
    check_name: str
    sample: str

    @property
    def losses(self) -> list[Row]:
        """The rows of a check that measures losses, when it could run."""
        rows = json.loads(self.sample)
        return rows if self.check_name in WORDS and isinstance(rows, list) else []


def sentence(red: Sequence[Red]) -> str:
    """What stops the run: losses above their ceilings in words, all other checks by name."""
    losses = _told(red)
    parts = losses[:SHOWN]
    if more := len(losses) - len(parts):
        parts.append(f"{more} more {'loss' if more == 1 else 'losses'}")
    if names := [f"{one.stage} {one.table_name}/{one.check_name}" for one in red if not one.losses]:
        parts.append(f"checks failed: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}")
    return "; ".join(parts)


def advice(red: Sequence[Red]) -> str:
    """How to allow all the losses for one run; empty when that cannot be, or would not be enough."""
    shares: dict[str, float] = {}
    for row in [row for one in red for row in one.losses]:
        name = f"{row['table_name']}.{row['reason']}"
        shares[name] = max(shares.get(name, 0), row["share"])
    known = {ceiling.name for ceiling in declared().ceilings if ceiling.reason != NOT_BY_NAME}
    if not all(one.losses for one in red) or not shares.keys() <= known or max(shares.values()) > 1:
        return ""
    text = " ".join(f"{name}={decimal(_rounded_up(share))}" for name, share in shares.items())
    return f'if the data are right, allow it once: ALLOW="{text}" (make run; -p allow=… with argo submit)'


def _told(red: Sequence[Red]) -> list[str]:
    """Each reason once: one above its ceiling is also above what it was last time."""
    told: dict[tuple[str, str], str] = {}
    for one in sorted((one for one in red if one.losses), key=lambda one: list(WORDS).index(one.check_name)):
        for row in one.losses:
            told.setdefault((row["table_name"], row["reason"]), WORDS[one.check_name](row))
    return list(told.values())


def _lost(row: Row) -> str:
    if row["reason"] == TOTAL:
        return f"{_rows(row)} rows lost for several reasons together, {_shares(row)}"
    return f"{_rows(row)} rows lost as {_reason(row)}, {_shares(row)}"


def _repaired(row: Row) -> str:
    return f"{_rows(row)} rows have a cell that could not be read, {_reason(row)}, {_shares(row)}"


def _drifted(row: Row) -> str:
    what = "lost" if row["kind"] == "rejected" else "read without a cell"
    before = f"{_percent(row['previous_share'])} in run {row['previous_run']}"
    return f"{_rows(row)} rows {what} as {_reason(row)}, {_percent(row['share'])} where it was {before}"


def _shrunk(row: Row) -> str:
    rows = f"{row['rows_before'] - row['row_count']:,} rows where run {row['previous_run']} had {row['rows_before']:,}"
    return f"{row['table_name']}: {rows}, a loss of {_shares(row)}"


def _changed(row: Row) -> str:
    rows = f"{row['row_count']:,} of {row['rows_before']:,} rows of run {row['previous_run']}"
    return f"{row['table_name']}: {rows} are others now, {_shares(row)}"


def _missing_month(row: Row) -> str:
    months = f"months from {row['first_month'][:7]} to {row['last_month'][:7]} are missing"
    return f"{_rows(row)} {months} (the series is not monthly, or is cut), {_shares(row)}"


def _leap(row: Row) -> str:
    values = f"{row['previous_index']:g} is followed by {row['consumer_price_index']:g} in {row['date'][:7]}"
    return f"{row['table_name']}: {values}, a change of {_shares(row)}"


def _rows(row: Row) -> str:
    return f"{row['table_name']}: {row['row_count']:,} of {row['rows_in']:,}"


def _reason(row: Row) -> str:
    return f"{row['reason']} ({meaning(row['reason'])})"


def _shares(row: Row) -> str:
    return f"{_percent(row['share'])}, at most {_percent(row['ceiling'])} may be"


def _percent(share: float) -> str:
    return f"{100 * share:,.1f} %" if share >= 0.1 else f"{100 * share:.2g} %"


def _rounded_up(share: float) -> float:
    """To two digits: 0.2829 becomes 0.29, and so does 0.28, which the server may have rounded itself."""
    step = 10.0 ** (math.floor(math.log10(share)) - 1)
    return min(1.0, (math.floor(share / step) + 1) * step)


# By check, the worst first.
WORDS: Mapping[str, Callable[[Row], str]] = {
    "losses_are_below_their_ceilings": _lost,
    "repairs_are_below_their_ceilings": _repaired,
    "no_month_is_missing": _missing_month,
    "prices_change_little_in_a_month": _leap,
    "losses_are_near_history": _drifted,
    "rows_do_not_shrink": _shrunk,
    "published_rows_stay": _changed,
}
