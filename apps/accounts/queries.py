"""Reading charts of accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from apps.accounts.errors import UnknownAccount
from apps.accounts.models import Account, AccountMonth
from apps.companies.models import Company
from ledger.balances import saldo
from ledger.spans import Span

KEY_DIGITS_MAX = 18
Sides = tuple[int, int]  # debits and credits, in centavos


def accounts_of(company: Company) -> QuerySet[Account]:
    """Return a company's accounts and headings, in order of code."""
    return Account.objects.filter(company=company)


def active_accounts_of(company: Company) -> QuerySet[Account]:
    """Return the accounts that a transaction may move: active and postable."""
    return accounts_of(company).filter(status=True, postable=True)


def account_of(company: Company, acc_id: int) -> QuerySet[Account]:
    """Return the one account as rows; UnknownAccount where the company has none such."""
    found = accounts_of(company).filter(pk=acc_id)
    if not found.exists():
        raise UnknownAccount
    return found


def chart_counts(company: Company) -> tuple[int, int]:
    """Return how many headings and how many postable accounts the company has."""
    flags = Counter(accounts_of(company).order_by().values_list("postable", flat=True))
    return flags[False], flags[True]


def account_named(company: Company, code_or_id: str) -> int | None:
    """Return the key of the account with this code, else with this key, else None."""
    return accounts_named(company, [code_or_id])[0]


def accounts_named(company: Company, codes_or_ids: Sequence[str]) -> list[int | None]:
    """Return the key of each account that is named by its code, else by its key, else None."""
    rows = accounts_of(company)
    by_code = dict(rows.filter(code__in=codes_or_ids).values_list("code", "pk"))
    keys = [int(name) for name in codes_or_ids if name not in by_code and _is_key(name)]
    known = set(rows.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return [by_code.get(name) or (int(name) if _is_key(name) and int(name) in known else None) for name in codes_or_ids]


def _is_key(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= KEY_DIGITS_MAX


@dataclass(frozen=True, slots=True)
class AccountTotals:
    """What an account moved on each side, in centavos."""

    acc_id: int
    code: str
    name: str
    kind: str
    nature: bool
    debits: int
    credits: int

    @property
    def saldo(self) -> int:
        """The balance, positive on the side of the account's nature."""
        return saldo(self.debits, self.credits, debit_nature=self.nature)

    @property
    def debit_balance(self) -> int:
        """The saldo deudor, 0 where the balance is acreedor."""
        return max(self.debits - self.credits, 0)

    @property
    def credit_balance(self) -> int:
        """The saldo acreedor, 0 where the balance is deudor."""
        return max(self.credits - self.debits, 0)


def account_totals(company: Company, moved: Mapping[int, Sides] | None = None) -> list[AccountTotals]:
    """Return each postable account with what it ever moved, or with `moved` by key, in order of code.

    Read from the accounts' own rows: the cost is that of the chart, however many entries there are.
    """
    rows = accounts_of(company).filter(postable=True).order_by("code")
    if moved is None:
        columns = rows.values_list("acc_id", "code", "name", "kind", "nature", "debits", "credits")
        return [AccountTotals(*row) for row in columns]
    return [
        AccountTotals(acc_id, code, name, kind, nature, *moved.get(acc_id, (0, 0)))
        for acc_id, code, name, kind, nature in rows.values_list("acc_id", "code", "name", "kind", "nature")
    ]


def moved_in_months(
    company: Company, months: Span, accounts: QuerySet[Account] | None = None
) -> dict[int, Sides]:
    """Return (debits, credits) by account over whole months, for accounts that have any.

    `months` names them by their first days; `accounts` narrows it.
    """
    # IN lets SQLite sum in the order of the index; a join makes it sort.
    chosen = accounts_of(company) if accounts is None else accounts
    rows = AccountMonth.objects.filter(account__in=chosen.order_by())
    if months.first is not None:
        rows = rows.filter(month__gte=months.first)
    if months.last is not None:
        rows = rows.filter(month__lte=months.last)
    summed = rows.values_list("account_id").annotate(Sum("debits"), Sum("credits"))
    return {account_id: (int(debits), int(credits_)) for account_id, debits, credits_ in summed}
