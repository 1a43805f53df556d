"""The books written without the actions: statement by statement, as a stranger with a password could."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Account, AccountMonth
from apps.audit.models import AuditEvent
from apps.companies.models import Company, Period
from apps.trans.models import (
    UNSEALED,
    BooksPass,
    Entry,
    NeverSealed,
    NumberCounter,
    TotalsPass,
    Transaction,
    TransactionTally,
)
from apps.users.models import User

# Everything a refused change must leave as it was.
PICTURED = (Account, AccountMonth, AuditEvent, BooksPass, Company, Entry, NeverSealed, NumberCounter, Period,
            TotalsPass, Transaction, TransactionTally)
DAY = dt.date(2026, 3, 2)
Lines = Sequence[tuple[Account, Any, Any]]


def sql(statement: str, *params: Any) -> None:
    """Run one raw statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def picture() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the books."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in PICTURED}


@dataclass
class RawBooks:
    """A company's books and who writes in them."""

    company: Company
    user: User
    chart: dict[str, Account]

    def header(self, *, total: Any = 100, entries_count: int = 2, date: Any = DAY, **fields: Any) -> Transaction:
        """Insert an unsealed header."""
        values = {"company": self.company, "user": self.user, "legend": "Venta", "date": date} | fields
        return Transaction.objects.create(total=total, entries_count=entries_count, **values)

    def lines(self, header: Transaction, lines: Lines, date: Any = None) -> list[Entry]:
        """Insert lines under a header."""
        return Entry.objects.bulk_create(
            Entry(transaction=header, account=account, date=date or header.date, debit=debit, credit=credit)
            for account, debit, credit in lines
        )

    def sale(self, amount: int = 100) -> Lines:
        """Return the lines of a cash sale."""
        return [(self.chart["caja"], amount, 0), (self.chart["ventas"], 0, amount)]

    def unsealed(self, lines: Lines | None = None, **fields: Any) -> Transaction:
        """Insert a header and its lines, with the control totals that the lines add up to."""
        lines = self.sale() if lines is None else lines
        controls = {"total": sum(line[1] for line in lines), "entries_count": len(lines)}
        header = self.header(**(controls | fields))
        self.lines(header, lines)
        return header

    def posted(self, lines: Lines | None = None, **fields: Any) -> Transaction:
        """Record a transaction that awaits verification."""
        with transaction.atomic():
            header = self.unsealed(lines, **fields)
            seal(header)
        return header

    def verified(self, lines: Lines | None = None, **fields: Any) -> Transaction:
        """Record a verified transaction."""
        return self.posted(lines, status=1, **fields)

    def closed(self, lines: Lines | None = None, **fields: Any) -> Transaction:
        """Record a closed transaction with the next number."""
        header = self.verified(lines, **fields)
        close(header, number=next_number(self.company, header.date.year))
        return header


def seal(header: Transaction) -> None:
    """Seal a header."""
    sql("UPDATE transactions SET unsealed_id = NULL WHERE trans_id = %s", header.pk)


def unseal(header: Transaction) -> None:
    """Open a sealed transaction's lines."""
    sql("UPDATE transactions SET unsealed_id = %s WHERE trans_id = %s", UNSEALED, header.pk)


def next_number(company: Company, year: int) -> int:
    """Return the number after the last one given, and count it."""
    counter, _made = NumberCounter.objects.get_or_create(company=company, fiscal_year=year)
    counter.last += 1
    counter.save()
    return counter.last


def close(header: Transaction, *, number: int, year: int | None = None) -> None:
    """Close a verified transaction."""
    sql(
        "UPDATE transactions SET status = 2, number = %s, fiscal_year = %s WHERE trans_id = %s",
        number, year or header.date.year, header.pk,
    )
