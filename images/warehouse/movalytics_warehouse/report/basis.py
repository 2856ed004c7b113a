"""What the answers rest on, for the head of the page: sample or all, how old, how much, and who objected."""

from dataclasses import dataclass
from datetime import date

from movalytics_warehouse import words
from movalytics_warehouse.report import formats
from movalytics_warehouse.report.accounts import Account
from movalytics_warehouse.report.allowances import Allowance, read_allowed
from movalytics_warehouse.report.facts import BoxOfficeCoverage, CheckResult, Facts
from movalytics_warehouse.report.verdicts import warned


@dataclass(frozen=True)
class Ground:
    """One thing that the answers rest on: what it is about, its value, and more about it; `doubt`: take care."""

    name: str
    value: str
    note: str
    doubt: bool = False


def grounds(facts: Facts) -> list[Ground]:
    """The head's list, in the order in which a reader asks."""
    run, last_rating = facts.answering, facts.ratings.last_rating
    # A page says how old its data was when it was made, whenever it is read.
    today = run.planned_at.date() if run.planned_at else None
    found = [
        _data(run.sample, facts.ratings.films),
        _ratings(last_rating.date() if last_rating else None, today),
        _prices(facts.box_office.last_cpi_month, today),
        _money(facts.box_office),
    ]
    if facts.is_current and facts.checks:
        found.append(_checks(len(facts.checks), warned(facts.checks)))
    return found


def allowed(facts: Facts) -> list[str]:
    """What the run whose data this is was allowed to lose beyond the ceilings, and what it lost, in words."""
    lost = {account.table_name: account for account in facts.accounts} if facts.is_current else {}
    return [_allowed(one, lost.get(one.account)) for one in read_allowed(facts.answering.allowed)]


def _allowed(one: Allowance, account: Account | None) -> str:
    share = account.share_of(one.reason) if account else None
    why = words.CEILINGS.get(one.reason) or words.reason(one.reason)
    text = f"{words.table(one.account)}: up to {formats.percent(one.share)} of the rows ({why})"
    return text + (f"; it was {formats.percent(share)}" if share is not None else "")


def _data(sample: str, films: int) -> Ground:
    if sample:
        return Ground("Data", "A sample", formats.sentence_case(sample.rstrip(".")), doubt=True)
    return Ground("Data", "All there is", f"{formats.plural(films, 'film')} in the catalogue")


def _ratings(last: date | None, today: date | None) -> Ground:
    return Ground("Ratings end", formats.day(last), _ago(last, today))


def _prices(last: date | None, today: date | None) -> Ground:
    return Ground("Prices end", formats.month_of_year(last), _ago(last, today))


def _ago(then: date | None, today: date | None) -> str:
    if then is None or today is None:
        return "none yet"
    return f"{formats.age(then, today)} before this run"


def _money(money: BoxOfficeCoverage) -> Ground:
    known = f"{formats.number(money.films_with_revenue_and_date)} of {formats.plural(money.films, 'film')}"
    if not money.films_with_revenue_and_date:
        return Ground("Box office known", known, "none yet")
    if not money.films_outside_cpi:
        return Ground("Box office known", known, "of all of them prices too")
    prices = (
        f"prices too for {formats.number(money.films_in_real_dollars)} of them: "
        f"{formats.percent(money.share_in_real_dollars)} of the money"
    )
    return Ground("Box office known", known, prices, doubt=True)


def _checks(count: int, objecting: list[CheckResult]) -> Ground:
    if not objecting:
        return Ground("Checks", f"{formats.number(count)} run", "none objects")
    names = "; ".join(words.spaced(check.check_name) for check in objecting)
    return Ground("Checks", f"{len(objecting)} of {count} warn", f"not true here: {names}", doubt=True)
