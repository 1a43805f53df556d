"""What both text formats are written from, in one state of the books."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

from django.db.models import Max, Min

from apps.accounts.models import Account
from apps.companies.models import Company
from apps.config.queries import current_config
from apps.trans.models import Entry, Transaction
from ledger.money import MINOR_PER_UNIT
from services.daily.archive import PART

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Asiento:
    """A transaction; postings are (account, signed centavos: debits above zero), in order."""

    key: int
    date: dt.date
    legend: str
    status: int
    kind: str
    number: int | None
    reverses: int | None
    postings: tuple[tuple[int, int], ...]


def asientos(company: Company) -> Iterator[Asiento]:
    """Yield the company's transactions in order of date."""
    fields = ("pk", "date", "legend", "status", "kind", "number", "reverses_id")
    order = Transaction.objects.filter(company=company).order_by("date", "pk")
    lines = Entry.objects.filter(transaction__company=company).order_by("date", "transaction_id", "pk")
    columns = lines.values_list("transaction_id", "account_id", "debit", "credit").iterator(chunk_size=_CHUNK)
    by_key = groupby(columns, key=itemgetter(0))
    for header in order.values_list(*fields).iterator(chunk_size=_CHUNK):
        _key, own = next(by_key)  # sealed: each has lines, of its date
        values = (*header, tuple((account, debit - credit) for _id, account, debit, credit in own))
        yield Asiento(*values)


def days(company: Company) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day with a transaction; None without any."""
    found = Transaction.objects.filter(company=company).order_by().aggregate(Min("date"), Max("date"))
    return (found["date__min"], found["date__max"]) if found["date__min"] else None


def postable(company: Company) -> list[Account]:
    """Return the accounts that can be posted to, in order of code."""
    return list(Account.objects.filter(company=company, postable=True).order_by("code"))


def balances(company: Company) -> dict[int, int]:
    """Return debits less credits of each account that moved, by key, from the totals that the guards keep."""
    rows = Account.objects.filter(company=company).exclude(debits=0, credits=0)
    found: defaultdict[int, int] = defaultdict(int)
    for key, debits, credits_ in rows.values_list("pk", "debits", "credits"):
        found[key] = debits - credits_
    return dict(found)


def currency() -> str:
    """Return the installation's currency."""
    return current_config().currency


def decimal(amount_minor: int) -> str:
    """Return centavos as these programs write them: -1234.50."""
    units, cents = divmod(abs(amount_minor), MINOR_PER_UNIT)
    return f"{'-' if amount_minor < 0 else ''}{units}.{cents:02}"


@contextlib.contextmanager
def text_file(path: Path) -> Iterator[IO[str]]:
    """Write a text file that appears when it is whole; after an error nothing is left."""
    part = path.with_name(f"{path.name}{PART}")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
