"""What the actions share: rows locked, drafts checked, inserted and sealed.

Order of locks, the same in every action so that no two wait for each other in a ring: transactions
(by key), numbering counters (by year), accounts (by key), monthly totals, tallies, audit chain.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Account
from apps.common.db import lock_row
from apps.common.rows import day_value, insert_rows, marks, moment_value
from apps.common.text import fold
from apps.companies.errors import PeriodClosed
from apps.companies.models import Company
from apps.companies.queries import closed_months
from apps.config.policy import Reach
from apps.trans.errors import DraftInvalid, NotYours, UnknownTransaction
from apps.trans.models import Entry, NumberCounter, Transaction, TransactionKind, TransactionStatus
from apps.users.models import User
from ledger.entries import Draft, Line, content_digest
from ledger.rules import AccountFacts, check

SUBJECT = "transaction"
# Few statements: PostgreSQL keeps a version of each account and month for each until the unit ends, and the
# next has to pass by all of them. SQLite binds 32,766 parameters at most.
_SEALED_AT_ONCE = 20_000
ClosedPeriods = set[tuple[int, int | None]]
Event = tuple[str, str, object, Mapping[str, object]]


def check_drafts(drafts: Sequence[Draft], company: Company) -> None:
    """Raise DraftInvalid or PeriodClosed for the first draft that cannot stand.

    The period of a single draft is left to the guards, which look at it when they seal: a query less. Of
    several each engine's guards would name another fault first, and only after all were inserted.
    """
    accounts = _account_facts({line.account_id for draft in drafts for line in draft.lines}, company)
    closed = closed_months(company) if len(drafts) > 1 else set()
    for draft in drafts:
        if faults := check(draft, accounts):
            raise DraftInvalid(faults, lines=len(draft.lines))
        if is_closed(draft.date, closed):
            raise PeriodClosed


def _account_facts(ids: set[int], company: Company) -> dict[int, AccountFacts]:
    # One draft may name more accounts than SQLite takes parameters: the whole chart is small.
    these = sorted(ids) if len(ids) <= 500 else []
    wanted = f" AND acc_id IN ({marks(these)})" if these else ""
    sql = f"SELECT acc_id, postable, status FROM accounts WHERE company_id = %s{wanted}"  # noqa: S608 - marks alone
    with connection.cursor() as cursor:
        cursor.execute(sql, [company.pk, *these])
        return {pk: AccountFacts(bool(postable), bool(active)) for pk, postable, active in cursor.fetchall()}


def is_closed(day: dt.date, closed: ClosedPeriods) -> bool:
    """Return whether the year or the month of `day` is among the closed periods."""
    return (day.year, None) in closed or (day.year, day.month) in closed


def insert(
    drafts: Sequence[Draft],
    *,
    acting_user: User,
    company: Company,
    status: TransactionStatus = TransactionStatus.PENDING,
    reverses: Transaction | None = None,
    kind: TransactionKind = TransactionKind.STANDARD,
) -> list[Transaction]:
    """Insert headers, then lines, then seal: the guards check the whole and post the balances."""
    headers = Transaction.objects.bulk_create(
        Transaction(
            company=company, user=acting_user, status=status, date=draft.date, legend=draft.legend,
            search_text=fold(draft.legend), total=draft.total, entries_count=len(draft.lines),
            kind=TransactionKind.REVERSAL if reverses else kind, reverses=reverses,
        )
        for draft in drafts
    )
    insert_lines(zip(headers, drafts, strict=True))
    if len(drafts) > 1:
        lock_accounts(accounts_in(drafts))
    seal(headers)
    return headers


def insert_lines(pairs: Iterable[tuple[Transaction, Draft]]) -> None:
    """Insert the drafts' lines under their unsealed headers."""
    insert_rows(
        Entry, ("transaction", "account", "date", "debit", "credit"),
        (
            (header.pk, line.account_id, day, line.debit, line.credit)
            for header, draft in pairs
            for day in [day_value(draft.date)]
            for line in draft.lines
        ),
    )


def accounts_in(drafts: Iterable[Draft]) -> QuerySet[Account]:
    """Return the accounts that the drafts name."""
    return Account.objects.filter(pk__in={line.account_id for draft in drafts for line in draft.lines})


def seal(headers: Sequence[Transaction]) -> None:
    """Seal the headers."""
    keys = [header.pk for header in headers]
    with connection.cursor() as cursor:
        for start in range(0, len(keys), _SEALED_AT_ONCE):
            batch = keys[start : start + _SEALED_AT_ONCE]
            sql = f"UPDATE transactions SET unsealed_id = NULL WHERE trans_id IN ({marks(batch)})"  # noqa: S608
            cursor.execute(sql, batch)
    for header in headers:
        header.unsealed_id = None


def lock_accounts(accounts: QuerySet[Account]) -> None:
    """Take the accounts in the order of their keys before several sealings take them piecemeal."""
    if connection.features.has_select_for_update:
        list(lock_row(accounts).order_by("pk").values_list("pk", flat=True))


def locked(trans_id: int, company: Company) -> Transaction:
    """Return the transaction, locked until the unit ends; UnknownTransaction where there is none."""
    transaction = lock_row(Transaction.objects.filter(company=company, pk=trans_id)).first()
    if transaction is None:
        raise UnknownTransaction
    return transaction


def locked_all(trans_ids: Sequence[int], company: Company) -> dict[int, Transaction]:
    """Return those of the transactions that exist, by key, locked in the order of their keys."""
    rows = Transaction.objects.filter(company=company, pk__in=trans_ids).order_by("pk")
    return {transaction.pk: transaction for transaction in lock_row(rows)}


def locked_counters(years: set[int], company: Company) -> dict[int, NumberCounter]:
    """Return the numbering of each year, locked in the order of the years until the unit ends."""
    for year in sorted(years):
        NumberCounter.objects.get_or_create(company=company, fiscal_year=year)
    rows = NumberCounter.objects.filter(company=company, fiscal_year__in=years).order_by("fiscal_year")
    return {counter.fiscal_year: counter for counter in lock_row(rows)}


def give_numbers(transactions: Sequence[Transaction], counters: Mapping[int, NumberCounter]) -> None:
    """Close verified transactions with the next numbers of their years, in the order given."""
    now = timezone.now()
    for transaction in transactions:
        counter = counters[transaction.date.year]
        counter.last += 1
        transaction.status, transaction.number = TransactionStatus.CLOSED, counter.last
        transaction.fiscal_year, transaction.version = counter.fiscal_year, transaction.version + 1
        transaction.updated_at = now
    moment = moment_value(now)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE transactions SET status = %s, number = %s, fiscal_year = %s, version = %s, updated_at = %s"
            " WHERE trans_id = %s",
            [(int(row.status), row.number, row.fiscal_year, row.version, moment, row.pk) for row in transactions],
        )
    NumberCounter.objects.bulk_update(counters.values(), ["last"])


def drafts_of(transactions: Sequence[Transaction]) -> dict[int, Draft]:
    """Return what the transactions say, by key, with their lines in order."""
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    rows = Entry.objects.filter(transaction__in=transactions).order_by("pk")
    for key, account_id, debit, credit in rows.values_list("transaction_id", "account_id", "debit", "credit"):
        lines[key].append(Line(account_id, debit, credit))
    return {
        transaction.pk: Draft(transaction.date, transaction.legend, tuple(lines[transaction.pk]))
        for transaction in transactions
    }


def must_reach(transaction: Transaction, acting_user: User, reach: Reach) -> None:
    """Raise NotYours when the caller reaches only own transactions and this is another's."""
    if reach is not Reach.ANY and transaction.user_id != acting_user.pk:
        raise NotYours


def content_event(action: str, transaction: Transaction, draft: Draft, **detail: object) -> Event:
    """Return an audit event that carries the digest of the content."""
    digest = content_digest(draft.date, draft.legend, draft.lines)
    return action, SUBJECT, transaction.pk, {**detail, "date": draft.date, "total": draft.total, "sha256": digest}
