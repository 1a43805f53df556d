"""The estado de resultados."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from apps.books.reports import comparing
from apps.books.reports.asking import Asked
from apps.books.reports.comparing import compared
from apps.books.reports.figures import RESULTS, Figures, account_asked, chart_of
from apps.books.reports.report import Cells, Printed, Report, Style
from apps.common.db import snapshot
from apps.common.sheets import CellType, Column
from apps.companies.models import Company
from apps.trans.balances import Moved, without
from ledger.statements import Chart, ResultLine, Results, Section, results

NAME = "estado-de-resultados"
RUBRO = 3


def results_report(company: Company, asked: Asked) -> Report:
    """Return what was gained and spent in the range by rubro, beside another range where one is asked for.

    The entries that close the results do not count: a closed year still shows its own.
    """
    figures = Figures(company, asked.statuses)
    with snapshot():
        chart, chosen = chart_of(company), account_asked(company, asked.account)
        kept = set(chart.nodes) if chosen is None else chart.under(chosen)
        now = _moved(figures, asked.date_from, asked.date_to, kept)
        span = asked.compared
        then = _moved(figures, span.first, span.last, kept) if span else None
    shown = results(chart, now, then, asked.level or RUBRO)
    rows = [_row(line, chart, asked) for line in shown.lines]
    totals = _totals(shown, comparison=span is not None)
    return Report(
        name=NAME, title=_("Statement of results"), company=company, date_from=asked.date_from, date_to=asked.date_to,
        columns=_columns(asked), rows=rows, totals=totals, printed=list(_printed(shown, rows, totals)),
        more={
            "opens": asked.opens("sumas-y-saldos", asked.account),
            "compared": {"date_from": span.first, "date_to": span.last} if span else None,
        },
    )


def _moved(figures: Figures, first: dt.date | None, last: dt.date | None, kept: set[int]) -> Moved:
    moved = without(figures.moved(first, last), figures.of_kinds(RESULTS, first, last))
    return {key: sides for key, sides in moved.items() if key in kept}


def _row(line: ResultLine, chart: Chart, asked: Asked) -> dict[str, Any]:
    account = "libro-mayor" if line.node.postable else "sumas-y-saldos"
    row = {
        "section": line.section.value, "acc_id": line.node.acc_id, "code": line.node.code, "name": line.node.name,
        "level": chart.level(line.node.acc_id), "saldo": line.amount, "opens": asked.opens(account, line.node.code),
    }
    if asked.compared is None:
        return row
    span = asked.compared
    opens = asked.opens(account, line.node.code, date_from=span.first, date_to=span.last)
    return row | compared(line.amount, line.compared) | {"opens_compared": opens}


def _totals(shown: Results, *, comparison: bool) -> dict[str, int]:
    income, expenses = (shown.total(section) for section in (Section.INCOME, Section.EXPENSES))
    totals = {
        "ingresos": income.amount if income else 0, "egresos": expenses.amount if expenses else 0,
        "resultado": shown.result,
    }
    if comparison:
        totals |= {
            "ingresos_comparado": income.compared if income else 0,
            "egresos_comparado": expenses.compared if expenses else 0,
            "resultado_comparado": shown.compared_result,
        }
    return totals


def _printed(shown: Results, rows: list[dict[str, Any]], totals: Cells) -> Iterator[Printed]:
    for section, title, total in (
        (Section.INCOME, _("Income"), _("Total income")), (Section.EXPENSES, _("Expenses"), _("Total expenses")),
    ):
        summed = shown.total(section)
        yield Printed({"name": title}, Style.HEADING)
        for row in rows:
            if row["section"] == section:
                yield Printed(row)
        amounts = (summed.amount, summed.compared) if summed else (0, 0)
        yield Printed({"name": total, "saldo": amounts[0]} | compared(*amounts), Style.TOTAL)
    result = {"name": _("Result of the period"), "saldo": shown.result}
    yield Printed(result | compared(shown.result, totals.get("resultado_comparado", 0)), Style.TOTAL)


def _columns(asked: Asked) -> tuple[Column, ...]:
    columns = (Column("code", _("Code")), Column("name", _("Account")), Column("saldo", _("Amount"), CellType.MONEY))
    return columns if asked.compared is None else (*columns, *comparing.columns())
