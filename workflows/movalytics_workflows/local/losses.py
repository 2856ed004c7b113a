"""What a run lost, from the accounts in its transforms' records: told whether the run went on from there or stopped."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from movalytics_workflows import lake
from movalytics_workflows.local.settings import Home, local_path

Account = Mapping[str, Any]  # rows_in, rows_out; rejected, merged, repaired: reason -> rows


def loss_lines(home: Home, run: str) -> list[str]:
    """A line for each account that rejected rows or repaired cells; one that says so when none did."""
    accounts = dict(_accounts(home, run))
    lines = [*_told(accounts, "rejected"), *_told(accounts, "repaired")]
    return lines or (["Rejected   nothing"] if accounts else [])


def _accounts(home: Home, run: str) -> Iterator[tuple[str, Account]]:
    for record in sorted(local_path(lake.records(home.lake, run)).glob("transform-*.json")):
        said = json.loads(record.read_text())
        yield from {**said.get("tables", {}), **said.get("inputs", {})}.items()


def _told(accounts: Mapping[str, Account], what: str) -> list[str]:
    found = {name: account for name, account in accounts.items() if account.get(what)}
    lines = [
        f"{sum(account[what].values()):,} of {account['rows_in']:,} in {name}: {_by_reason(account[what])}"
        for name, account in found.items()
    ]
    return [f"{what.capitalize() if not number else '':<11}{line}" for number, line in enumerate(lines)]


def _by_reason(counts: Mapping[str, int]) -> str:
    most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count:,} {reason}" for reason, count in most_first)
