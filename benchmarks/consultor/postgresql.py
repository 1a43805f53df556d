"""The books in a PostgreSQL database made for the measurement, read by the confined role of the views.

The rows are written as they are, with the guards off: what is measured reads. DATABASE_URL names the server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from services.consultorIA.readers import Reader
from services.consultorIA.sample import SampleBooks
from services.consultorIA.text import fold


@contextmanager
def opened(books: Mapping[str, SampleBooks]) -> Iterator[dict[str, Reader]]:
    """Give a reader of each company's books; the database is dropped after."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("Set DATABASE_URL=postgres://user@host:port/name")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["CONSULTOR_IDLE_SESSIONS"] = "0"  # a session kept open would keep the database from being dropped
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            written = {name: _write(number, one) for number, (name, one) in enumerate(books.items(), 101)}
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("ANALYZE")
        with ExitStack() as stack:
            yield {name: stack.enter_context(_reader(company)) for name, company in written.items()}
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)
        teardown_test_environment()


def _reader(company: object) -> Reader:
    from apps.consultor.confinement import reader_for

    return reader_for(company)  # type: ignore[arg-type]


def _write(number: int, books: SampleBooks) -> object:
    from apps.accounts.models import Account, AccountMonth
    from apps.companies.models import Company, Period
    from apps.trans.models import Entry, Transaction, TransactionTally
    from apps.users.models import User

    base = number * 1_000_000
    company = Company.objects.create(company_id=number, name=books.name)
    keys = {account.code: base + index for index, account in enumerate(books.accounts, 1)}
    totals: dict[str, list[int]] = {}
    months: dict[tuple[str, object], list[int]] = {}
    for entry in books.entries:
        for code, debit, credit in entry.lines:
            for held in (totals.setdefault(code, [0, 0]), months.setdefault((code, entry.date.replace(day=1)), [0, 0])):
                held[0] += debit
                held[1] += credit
    User.objects.bulk_create(
        User(
            user_id=base + index,
            company=company,
            name=user.name,
            email=f"{number}-{index}@mosaite.example",
            password="argon2$secreto",
            rol=user.rol,
            group=user.group,
            status=0,
        )
        for index, user in enumerate(books.users, 1)
    )
    Account.objects.bulk_create(
        Account(
            acc_id=keys[one.code],
            company=company,
            code=one.code,
            name=one.name,
            nature=one.debit_nature,
            kind=one.kind,
            status=one.code not in books.inactive,
            postable=one.postable,
            parent_id=keys.get(one.parent),
            liquidity={True: "corriente", False: "no_corriente", None: ""}[one.current],
            debits=totals.get(one.code, [0, 0])[0],
            credits=totals.get(one.code, [0, 0])[1],
        )
        for one in books.accounts
    )
    AccountMonth.objects.bulk_create(
        AccountMonth(account_id=keys[code], month=month, debits=debit, credits=credit)
        for (code, month), (debit, credit) in months.items()
    )
    Period.objects.bulk_create(
        Period(company=company, year=year, month=month, status="closed") for year, month in books.closed_months
    )
    numbers: dict[int, int] = {}
    headers, lines = [], []
    for index, entry in enumerate(books.entries, 1):
        closed = entry.status == 2
        if closed:
            numbers[entry.date.year] = numbers.get(entry.date.year, 0) + 1
        headers.append(
            Transaction(
                trans_id=base + index,
                company=company,
                user_id=base + entry.user + 1,
                status=entry.status,
                date=entry.date,
                legend=entry.legend,
                search_text=fold(entry.legend),
                kind="standard" if entry.reverses is None else "reversal",
                reverses_id=None if entry.reverses is None else base + entry.reverses + 1,
                total=entry.total,
                entries_count=len(entry.lines),
                number=numbers[entry.date.year] if closed else None,
                fiscal_year=entry.date.year if closed else None,
                unsealed=None,
            )
        )
        lines += [
            Entry(transaction_id=base + index, account_id=keys[code], date=entry.date, debit=debit, credit=credit)
            for code, debit, credit in entry.lines
        ]
    Transaction.objects.bulk_create(headers, batch_size=1000)
    Entry.objects.bulk_create(lines, batch_size=2000)
    tallies: dict[tuple[int, object, int], int] = {}
    for entry in books.entries:
        key = (base + entry.user + 1, entry.date.replace(day=1), entry.status)
        tallies[key] = tallies.get(key, 0) + 1
    TransactionTally.objects.bulk_create(
        TransactionTally(company=company, user_id=user, month=month, status=status, count=count)
        for (user, month, status), count in tallies.items()
    )
    return company
