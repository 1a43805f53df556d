"""The balance de sumas y saldos."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from apps.books.reports.asking import Asked
from apps.books.reports.figures import CLOSING_OF_BOOKS, RESULTS, Figures, account_asked, chart_of
from apps.books.reports.report import Printed, Report, Style, lines
from apps.common.db import snapshot
from apps.common.sheets import CellType, Column
from apps.companies.models import Company
from apps.trans.balances import Moved, without
from ledger.statements import Chart, TrialRow, trial_balance

NAME = "sumas-y-saldos"
_SUMS = ("saldo_inicial", "debe", "haber", "saldo_deudor", "saldo_acreedor")
_DAY = dt.timedelta(days=1)


def trial_report(company: Company, asked: Asked) -> Report:
    """Return what each account brought along, moved and is left with.

    saldo_inicial + debe - haber = saldo_deudor - saldo_acreedor in every row, as in the mayor.
    """
    figures = Figures(company, asked.statuses)
    with snapshot():
        chart, chosen = chart_of(company), account_asked(company, asked.account)
        opening = figures.moved(None, asked.date_from - _DAY)
        moved = figures.moved(asked.date_from, asked.date_to)
        if not asked.closing:
            moved = without(moved, figures.of_kinds(RESULTS | CLOSING_OF_BOOKS, asked.date_from, asked.date_to))
    if chosen is not None:
        kept = chart.under(chosen)
        opening, moved = _only(opening, kept), _only(moved, kept)
    rows = [_cells(row, chart, asked) for row in trial_balance(chart, opening, moved, asked.level)]
    totals = {name: sum(row[name] for row in rows) for name in _SUMS}
    return Report(
        name=NAME, title=_("Trial balance"), company=company, date_from=asked.date_from, date_to=asked.date_to,
        columns=_columns(), rows=rows, totals=totals,
        printed=[*lines(rows), Printed({"name": _("Totals"), **totals}, Style.TOTAL)],
        more={"opens": asked.opens("libro-diario", asked.account)},
    )


def _only(moved: Moved, accounts: set[int]) -> Moved:
    return {key: sides for key, sides in moved.items() if key in accounts}


def _cells(row: TrialRow, chart: Chart, asked: Asked) -> dict[str, Any]:
    return {
        "acc_id": row.node.acc_id,
        "code": row.node.code,
        "name": row.node.name,
        "level": chart.level(row.node.acc_id),
        "saldo_inicial": row.opening,
        "debe": row.debits,
        "haber": row.credits,
        "saldo_deudor": row.debit_balance,
        "saldo_acreedor": row.credit_balance,
        "opens": asked.opens("libro-mayor" if row.node.postable else NAME, row.node.code),
    }


def _columns() -> tuple[Column, ...]:
    return (
        Column("code", _("Code")), Column("name", _("Account")),
        Column("saldo_inicial", _("Opening balance"), CellType.MONEY),
        Column("debe", _("Debit"), CellType.MONEY), Column("haber", _("Credit"), CellType.MONEY),
        Column("saldo_deudor", _("Debit balance"), CellType.MONEY),
        Column("saldo_acreedor", _("Credit balance"), CellType.MONEY),
    )
