"""The checks as a reader meets them: by stage, counted by verdict, with the offending rows of those that object."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from movalytics_warehouse.report.facts import CheckResult
from movalytics_warehouse.words import STAGES, VERDICTS, verdict

ORDER = ("failed", "could not run", "warned", "skipped", "passed")


@dataclass(frozen=True)
class Verdict:
    """One check and its sample as a small table; `rows` is empty when nothing offends."""

    check: CheckResult
    word: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]

    @property
    def is_red(self) -> bool:
        """Whether it stopped the run."""
        return self.check.severity == "error" and self.check.state in {"fail", "error"}

    @property
    def why_skipped(self) -> object:
        """What the check waits for, when it was skipped."""
        rows = sample_rows(self.check.sample) if self.word == "skipped" else []
        return rows[0].get("skipped") if rows else None


@dataclass(frozen=True)
class Stage:
    """All checks of one stage, those that object first."""

    name: str
    counts: Mapping[str, int]
    verdicts: Sequence[Verdict]

    @property
    def objections(self) -> list[Verdict]:
        """What a reader should look at: failures and warnings."""
        return [one for one in self.verdicts if one.word not in {"passed", "skipped"}]


def warned(checks: Sequence[CheckResult]) -> list[CheckResult]:
    """The checks that object without stopping the run."""
    return [check for check in checks if verdict(check.severity, check.state) == VERDICTS["warn"]]


def by_stage(checks: Sequence[CheckResult]) -> list[Stage]:
    """The stages in the order they ran; a stage without checks is left out."""
    known = list(STAGES)
    names = sorted({check.stage for check in checks}, key=lambda name: known.index(name) if name in known else 9)
    return [_stage(name, [check for check in checks if check.stage == name]) for name in names]


def _stage(name: str, checks: Sequence[CheckResult]) -> Stage:
    verdicts = sorted(map(_verdict, checks), key=lambda one: ORDER.index(one.word) if one.word in ORDER else 0)
    counts = Counter(one.word for one in verdicts)
    return Stage(
        name, {word: counts[word] for word in ("passed", "failed", "could not run", "warned", "skipped")}, verdicts
    )


def _verdict(check: CheckResult) -> Verdict:
    word = verdict(check.severity, check.state)
    records = sample_rows(check.sample) if word not in {"passed", "skipped"} else []
    columns = list(dict.fromkeys(column for record in records for column in record))
    return Verdict(check, word, columns, [[record.get(column) for column in columns] for record in records])


def sample_rows(sample: str | None) -> list[dict[str, object]]:
    """The ledger's sample, a JSON list of objects; text cut off at the column's width is shown as it is."""
    if not sample:
        return []
    try:
        rows = json.loads(sample)
    except json.JSONDecodeError:
        return [{"sample": sample}]
    return [row if isinstance(row, dict) else {"sample": row} for row in (rows if isinstance(rows, list) else [rows])]
