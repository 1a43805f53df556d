"""Where an account stands in its chart: its heading, and what it takes from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.models import Account, AccountKind
from apps.common.errors import Invalid
from apps.companies.models import Company
from ledger.codes import heading_of

# Deeper than any chart in use, and shallow enough to answer as nested JSON.
LEVELS_MAX = 25
# As the default chart numbers its partidas; what is numbered otherwise is kept apart from the statements.
KIND_BY_FIRST_DIGIT = {
    "1": AccountKind.ASSET,
    "2": AccountKind.LIABILITY,
    "3": AccountKind.EQUITY,
    "4": AccountKind.INCOME,
    "5": AccountKind.EXPENSE,
}


@dataclass(frozen=True)
class Headings:
    """The headings of one company, by key."""

    by_id: Mapping[int, Account]

    @classmethod
    def of(cls, company: Company) -> Headings:
        """Read them."""
        rows = Account.objects.filter(company=company, postable=False).order_by("code", "pk")
        return cls({heading.pk: heading for heading in rows})

    def chosen(self, acc_id: int) -> Account:
        """Return the heading with this key; Invalid where the company has none such."""
        if acc_id not in self.by_id:
            raise Invalid({"parent": [_("There is no heading with this number: choose one that is not postable.")]})
        return self.by_id[acc_id]

    def above(self, account: Account) -> Account | None:
        """Return the longest heading that the account's code extends."""
        by_code = {heading.code: heading for pk, heading in self.by_id.items() if pk != account.pk}
        code = heading_of(account.code, by_code)
        return None if code is None else by_code[code]

    def check_levels(self, account: Account, heading: Account) -> None:
        """Raise Invalid when `account` under `heading` would make a circle or too deep a chart."""
        above = {pk: found.parent_id for pk, found in self.by_id.items()} | {account.pk or 0: heading.pk}
        for start in above:
            place: int | None = start
            for _level in range(LEVELS_MAX):
                place = above.get(place) if place is not None else None
            if place is not None:
                message = _("Under this heading the chart would run in a circle or be deeper than %(max)d levels.")
                raise Invalid({"parent": [message % {"max": LEVELS_MAX}]})


def put_under(account: Account, heading: Account | None, *, kind: str | None) -> None:
    """Set the account's heading and kind; Invalid when the `kind` asked for is not the heading's."""
    account.parent = heading
    if heading is None:
        account.kind = kind or KIND_BY_FIRST_DIGIT.get(account.code[0], AccountKind.MEMORANDUM)
        return
    if kind is not None and kind != heading.kind:
        message = _("Under %(heading)s the kind can only be %(kind)s.")
        raise Invalid({"kind": [message % {"heading": heading, "kind": heading.kind}]})
    account.kind = heading.kind
