"""IVA débito and crédito by month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Account, AccountKind
from apps.accounts.queries import accounts_of
from apps.books.reports.asking import Asked
from apps.books.reports.figures import Figures, monthly
from apps.books.reports.report import Printed, Report, Style, lines
from apps.common.db import snapshot
from apps.common.sheets import CellType, Column
from apps.companies.models import Company
from apps.trans.balances import EVERY_STATUS, Moved, without
from apps.trans.models import Entry
from ledger.spans import month_end

NAME = "iva"
_SUMS = ("debito_fiscal", "credito_fiscal", "saldo")


def vat_report(company: Company, asked: Asked) -> Report:
    """Return the IVA of sales and of purchases month by month.

    Accounts are known by their names, IVA débito fiscal and IVA crédito fiscal. A settlement, which
    moves one of them against IVA a pagar or IVA saldo a favor, is no sale and no purchase: it does not count.
    """
    with snapshot():
        sales = _named(company, AccountKind.LIABILITY, "iva debito")
        purchases = _named(company, AccountKind.ASSET, "iva credito")
        taxed = Account.objects.filter(pk__in=[*sales, *purchases])
        months = Figures(company, asked.statuses, taxed).by_month(asked.date_from, asked.date_to)
        settled = _settled(company, taxed, asked)
    rows = [
        _row(month, without(moved, settled.get(month, {})), sales, purchases, asked)
        for month, moved in months.items()
    ]
    totals = {name: sum(row[name] for row in rows) for name in _SUMS}
    return Report(
        name=NAME, title=_("VAT by month"), company=company, date_from=asked.date_from, date_to=asked.date_to,
        columns=_columns(), rows=rows, totals=totals,
        printed=[*lines(rows), Printed({"name": _("Totals"), **totals}, Style.TOTAL)],
        more={"accounts": {"debito_fiscal": sorted(sales.values()), "credito_fiscal": sorted(purchases.values())}},
    )


def _named(company: Company, kind: str, words: str) -> dict[int, str]:
    rows = accounts_of(company).filter(kind=kind, postable=True, search_text__contains=words)
    return dict(rows.values_list("pk", "code"))


def _settled(company: Company, taxed: QuerySet[Account], asked: Asked) -> dict[dt.date, Moved]:
    """Return what settlements moved of the taxed accounts, by month."""
    payable = accounts_of(company).filter(postable=True, search_text__regex="iva (a pagar|saldo a favor)")
    span = (asked.date_from, asked.date_to)
    settlements = Entry.objects.filter(account__in=payable.order_by(), date__range=span).values("transaction")
    rows = Entry.objects.filter(account__in=taxed.order_by(), date__range=span, transaction__in=settlements)
    if asked.statuses != EVERY_STATUS:
        rows = rows.filter(transaction__status__in=asked.statuses)
    return monthly(rows)


def _row(
    month: dt.date, moved: Moved, sales: dict[int, str], purchases: dict[int, str], asked: Asked
) -> dict[str, Any]:
    debit = sum(_net(moved, key) for key in sales)
    credit = -sum(_net(moved, key) for key in purchases)
    span = {"date_from": max(month, asked.date_from), "date_to": min(month_end(month), asked.date_to)}
    return {
        "month": month, "debito_fiscal": debit, "credito_fiscal": credit, "saldo": debit - credit,
        "opens": {
            "debito_fiscal": [asked.opens("libro-mayor", code, **span) for code in sales.values()],
            "credito_fiscal": [asked.opens("libro-mayor", code, **span) for code in purchases.values()],
        },
    }


def _net(moved: Moved, key: int) -> int:
    """Return haber - debe."""
    debits, credits_ = moved.get(key, (0, 0))
    return credits_ - debits


def _columns() -> tuple[Column, ...]:
    return (
        Column("month", _("Month"), CellType.MONTH), Column("debito_fiscal", _("Output VAT"), CellType.MONEY),
        Column("credito_fiscal", _("Input VAT"), CellType.MONEY), Column("saldo", _("Balance"), CellType.MONEY),
    )
