"""`--allow`: ceilings that a person raises for one run, by name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from movalytics_common.errors import InvalidSettings

from movalytics_warehouse.plan.ceilings import Ceiling

NUMBER = re.compile(r"\d*\.?\d+", re.ASCII)
BYTES = 4000  # of load_run.allowed
NOT_BY_NAME = "drift"  # naming the reason itself does it


def parse_allowance(text: str, ceilings: Iterable[Ceiling]) -> dict[str, float]:
    """`account.reason=share`, separated by blanks or commas, as name → share; the last of one name counts.

    Raises InvalidSettings for a name that is not among the ceilings, and for what is no share from 0 to 1.
    """
    names = {ceiling.name for ceiling in ceilings if ceiling.reason != NOT_BY_NAME}
    allowed = {}
    for item in re.split(r"[\s,]+", text.strip()):
        if not item:
            continue
        name, equals, share = item.partition("=")
        if not equals or not NUMBER.fullmatch(share) or float(share) > 1:
            raise InvalidSettings(f"allow: {item} is no share: write it as ratings.film_not_in_catalogue=0.3 (0 to 1)")
        if name not in names:
            raise InvalidSettings(f"allow: there is no {name}: {_choices(name, names)}")
        allowed[name] = float(share)
    if len(written(allowed).encode()) > BYTES:
        raise InvalidSettings(f"allow: more than {BYTES} characters: raise fewer ceilings")
    return allowed


def written(allowed: Mapping[str, float]) -> str:
    """The form that the ledger keeps and that parse_allowance reads."""
    return " ".join(f"{name}={decimal(share)}" for name, share in sorted(allowed.items()))


def decimal(share: float) -> str:
    """0.3, and never 3e-01."""
    return f"{share:.10f}".rstrip("0").rstrip(".")


def raised(ceilings: Iterable[Ceiling], allowed: Mapping[str, float]) -> list[Ceiling]:
    """The ceilings as they hold for a run that was allowed this."""
    return [replace(one, share=allowed[one.name], allowed=True) if one.name in allowed else one for one in ceilings]


def _choices(name: str, names: set[str]) -> str:
    account = name.partition(".")[0]
    of_account = sorted(known.partition(".")[2] for known in names if known.startswith(f"{account}."))
    if of_account:
        return f"{account} has {', '.join(of_account)}"
    return f"the accounts are {', '.join(sorted({known.partition('.')[0] for known in names}))}"
