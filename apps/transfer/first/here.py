"""What the plan has to know of the company that the old books come into."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.accounts.models import Account
from apps.companies.models import Company
from apps.companies.queries import closed_months
from apps.transfer.models import ImportedRow
from apps.users.models import User


@dataclass(frozen=True, slots=True)
class AccountHere:
    """An account or heading of the company."""

    pk: int
    name: str
    nature: bool
    postable: bool
    active: bool
    debits: int
    credits: int

    @property
    def used(self) -> bool:
        """Whether it has moved."""
        return bool(self.debits or self.credits)


@dataclass(frozen=True, slots=True)
class Brought:
    """A row that came before: what it became, and the digest of what it was."""

    row_id: int
    digest: str


@dataclass(frozen=True)
class Here:
    """People by e-mail, accounts by code, closed periods, and what came before by table and key."""

    emails: dict[str, int]
    accounts: dict[str, AccountHere] = field(default_factory=dict)
    closed: set[tuple[int, int | None]] = field(default_factory=set)
    brought: dict[str, dict[str, Brought]] = field(default_factory=dict)

    def before(self, table: str) -> dict[str, Brought]:
        """Return what came before of a table, by key."""
        return self.brought.get(table, {})


def look(company: Company | None, source: str) -> Here:
    """Read it; a company that is yet to be opened has nothing."""
    emails = dict(User.objects.values_list("email", "pk"))
    if company is None:
        return Here(emails)
    fields = ("code", "pk", "name", "nature", "postable", "status", "debits", "credits")
    accounts = {
        code: AccountHere(*values) for code, *values in Account.objects.filter(company=company).values_list(*fields)
    }
    brought: dict[str, dict[str, Brought]] = {}
    rows = ImportedRow.objects.filter(company=company, source=source)
    for table, key, row_id, digest in rows.values_list("table", "key", "row_id", "digest"):
        brought.setdefault(table, {})[key] = Brought(row_id, digest)
    return Here(emails, accounts, closed_months(company), brought)
