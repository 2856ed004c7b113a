"""Which ceilings on losses a person raised for one run, as the ledger keeps their text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """Up to `share` (0 to 1) of an account's rows may be lost for this reason, for `total` or `shrink`."""

    account: str
    reason: str
    share: float

    @property
    def name(self) -> str:
        """As a person writes it: ratings.film_not_in_catalogue."""
        return f"{self.account}.{self.reason}"


def read_allowed(text: str) -> list[Allowance]:
    """`account.reason=share` with blanks between, as the ledger keeps what was checked when it came."""
    items = (item.partition("=") for item in text.split())
    names = ((*name.partition("."), share) for name, _, share in items)
    return [Allowance(account, reason, float(share)) for account, _, reason, share in names]
