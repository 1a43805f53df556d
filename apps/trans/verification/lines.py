"""Transactions against their lines."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from apps.accounts.models import Account
from apps.common.db import exact_parts, exact_sum
from apps.trans.models import Entry, Transaction
from apps.trans.verification.findings import Finding
from apps.trans.verification.scope import Scope, day_text


def dates_are_real(scope: Scope) -> Iterator[Finding]:
    """SQLite stores any text for a date."""
    rows = scope.of(Transaction.objects).annotate(day=day_text()).values_list("day", "company_id").distinct()
    for day, company_id in [row for row in rows.order_by("company_id", "day") if not is_date(row[0])]:
        wrong = Transaction.objects.annotate(day=day_text()).filter(day=day, company=company_id)
        for key in wrong.order_by("pk").values_list("pk", flat=True):
            yield Finding("date_invalid", company_id, str(key), found=day)


@functools.lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """Return whether the text is a real day, written YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def transactions_add_up(scope: Scope) -> Iterator[Finding]:
    """Debits equal credits, and both the control total; as many lines as said."""
    parts = exact_parts("entries__debit", "entries__credit")
    debit_is_total, credit_is_total = (
        Q(total=F(f"entries_{side}_high") * 2**32 + F(f"entries_{side}_low")) for side in ("debit", "credit")
    )
    rows: Any = scope.of(Transaction.objects).values("pk", "company_id", "total", "entries_count")
    wrong = rows.annotate(lines=Count("entries"), **parts).exclude(
        debit_is_total & credit_is_total & Q(lines=F("entries_count"))
    )
    for row in wrong.order_by("pk"):
        company_id, subject = row["company_id"], str(row["pk"])
        debit, credit = exact_sum(row, "entries__debit"), exact_sum(row, "entries__credit")
        if debit != credit:
            yield Finding("unbalanced", company_id, subject, debit, credit)
        if row["total"] != debit:
            yield Finding("control_total", company_id, subject, debit, row["total"])
        if row["entries_count"] != row["lines"]:
            yield Finding("lines_count", company_id, subject, row["lines"], row["entries_count"])


def lines_are_right(scope: Scope) -> Iterator[Finding]:
    """A line has one positive side, in whole centavos, and its transaction's date."""
    lines = scope.of(Entry.objects, "transaction__company").order_by("pk")
    right = (Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0)) & Q(
        debit=Cast("debit", BigIntegerField()), credit=Cast("credit", BigIntegerField())
    )
    for key, company_id, debit, credit in lines.exclude(right).values_list(
        "pk", "transaction__company_id", "debit", "credit"
    ):
        yield Finding("line_sides", company_id, str(key), found=f"{debit} / {credit}")
    days = lines.annotate(day=day_text(), wanted=day_text("transaction__date")).exclude(day=F("wanted"))
    for key, company_id, wanted, day in days.values_list("pk", "transaction__company_id", "wanted", "day"):
        yield Finding("line_date", company_id, str(key), wanted, day)


def lines_name_right_accounts(scope: Scope) -> Iterator[Finding]:
    """Each line's transaction and account are there, and the account is its company's and postable."""
    lines = Entry.objects.order_by("pk")
    lost = lines.exclude(Exists(Transaction.objects.filter(pk=OuterRef("transaction_id"))))
    for key, transaction_id in lost.values_list("pk", "transaction_id"):
        yield Finding("line_lost", None, str(key), found=transaction_id)
    lines = scope.of(lines, "transaction__company")
    accounts = Account.objects.filter(pk=OuterRef("account_id"))
    for code, wrong in (
        ("line_account_missing", ~Exists(accounts)),
        ("line_account_foreign", Exists(accounts.exclude(company=OuterRef("transaction__company")))),
        ("line_account_heading", Exists(accounts.filter(postable=False))),
    ):
        for key, company_id, account_id in lines.filter(wrong).values_list(
            "pk", "transaction__company_id", "account_id"
        ):
            yield Finding(code, company_id, str(key), found=account_id)
