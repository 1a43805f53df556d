"""Reading charts of accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.accounts.errors import UnknownAccount
from apps.accounts.models import Account
from apps.companies.models import Company

KEY_DIGITS_MAX = 18


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


def account_named(company: Company, code_or_id: str) -> int | None:
    """Return the key of the account with this code, else with this key, else None."""
    found = accounts_of(company).filter(code=code_or_id).values_list("pk", flat=True).first()
    if found is None and code_or_id.isascii() and code_or_id.isdigit() and len(code_or_id) <= KEY_DIGITS_MAX:
        found = accounts_of(company).filter(pk=int(code_or_id)).values_list("pk", flat=True).first()
    return found
