"""The estado de situación patrimonial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from apps.books.reports import comparing
from apps.books.reports.asking import Asked
from apps.books.reports.comparing import beside, compared
from apps.books.reports.figures import CLOSING_OF_BOOKS, RESULTS, Figures, account_asked, chart_of
from apps.books.reports.report import Cells, Printed, Report, Style
from apps.common.db import snapshot
from apps.common.sheets import CellType, Column
from apps.companies.models import Company
from apps.trans.balances import Moved, without
from ledger.statements import ASSETS, LIABILITIES, Chart, Position, Section, position

NAME = "situacion-patrimonial"
RUBRO = 3


def position_report(company: Company, asked: Asked) -> Report:
    """Return what is owned, owed and left on the last day, beside another day where one is asked for.

    The result of the range is a line of the equity. Entries that close the year's results or its books
    do not count, so that a closed year still shows what it was.
    """
    with snapshot():
        chart, chosen = chart_of(company), account_asked(company, asked.account)
        kept = set(chart.nodes) if chosen is None else chart.under(chosen)
        rows, totals = _statement(company, chart, kept, asked)
        span = asked.compared
        if span is not None and span.first is not None and span.last is not None:
            then = replace(asked, date_from=span.first, date_to=span.last)
            rows_then, totals_then = _statement(company, chart, kept, then)
            rows = beside(rows, rows_then, {"date_from": asked.date_from, "date_to": asked.date_to})
            totals |= {f"{name}_comparado": amount for name, amount in totals_then.items()}
    return Report(
        name=NAME, title=_("Statement of financial position"), company=company, date_from=asked.date_from,
        date_to=asked.date_to, columns=_columns(asked), rows=rows, totals=totals, printed=list(_printed(rows, totals)),
        more={
            "opens": asked.opens("sumas-y-saldos", asked.account),
            "compared": {"date_from": span.first, "date_to": span.last} if span else None,
        },
    )


def _statement(
    company: Company, chart: Chart, kept: set[int], asked: Asked
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    balances, results = position_figures(Figures(company, asked.statuses), asked)
    shown = position(chart, _only(balances, kept), _only(results, kept), asked.level or RUBRO)
    return [*_rows(shown, chart, asked), *_result_rows(shown, asked)], _totals(shown)


def position_figures(figures: Figures, asked: Asked) -> tuple[Moved, Moved]:
    """Return what stands on the last day, and what income and expenses moved in the range."""
    day = asked.date_to
    closed = figures.of_kinds(RESULTS, asked.date_from, day)
    balances = without(figures.moved(None, day), figures.of_kinds(CLOSING_OF_BOOKS, None, day))
    return without(balances, closed), without(figures.moved(asked.date_from, day), closed)


def _only(moved: Moved, accounts: set[int]) -> Moved:
    return {key: sides for key, sides in moved.items() if key in accounts}


def _rows(shown: Position, chart: Chart, asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "section": line.section.value, "acc_id": line.node.acc_id, "code": line.node.code, "name": line.node.name,
            "level": chart.level(line.node.acc_id), "saldo": line.amount,
            "opens": asked.opens("libro-mayor" if line.node.postable else "sumas-y-saldos", line.node.code),
        }
        for line in shown.lines
    ]


def _result_rows(shown: Position, asked: Asked) -> Iterator[dict[str, Any]]:
    named = [(_("Result of the period"), shown.result), (_("Results of earlier periods"), shown.unassigned)]
    for name, amount in named:
        if amount:
            yield {
                "section": Section.EQUITY.value, "acc_id": None, "code": "", "name": name, "level": RUBRO,
                "saldo": amount, "opens": asked.opens("estado-de-resultados", None),
            }


def _totals(shown: Position) -> dict[str, int]:
    sections = {section.value: shown.total(section) for section in (*ASSETS, *LIABILITIES)}
    return {
        **sections,
        "activo": shown.assets,
        "pasivo": shown.liabilities,
        "patrimonio_neto": shown.equity,
        "pasivo_y_patrimonio_neto": shown.liabilities + shown.equity,
        "resultado": shown.result,
        "cuentas_de_orden": shown.memorandum,
    }


def _printed(rows: list[dict[str, Any]], totals: Cells) -> Iterator[Printed]:
    for title, sections, total in (
        (_("Assets"), ASSETS, "activo"),
        (_("Liabilities"), LIABILITIES, "pasivo"),
        (_("Equity"), (Section.EQUITY,), "patrimonio_neto"),
    ):
        yield Printed({"name": title}, Style.HEADING)
        for section in sections:
            found = [row for row in rows if row["section"] == section]
            if found and len(sections) > 1:
                yield Printed({"name": _section_name(section)}, Style.HEADING)
            for row in found:
                yield Printed(row)
            if found and len(sections) > 1:
                name = _("Total %(what)s") % {"what": _section_name(section).lower()}
                yield _total(name, section.value, totals)
        yield _total(_("Total %(what)s") % {"what": title.lower()}, total, totals)
    yield _total(_("Total liabilities and equity"), "pasivo_y_patrimonio_neto", totals)


def _total(name: str, key: str, totals: Cells) -> Printed:
    cells = {"name": name, "saldo": totals[key]}
    then = totals.get(f"{key}_comparado")
    return Printed(cells if then is None else cells | compared(totals[key], then), Style.TOTAL)


def _section_name(section: Section) -> str:
    return {
        Section.CURRENT_ASSETS: _("Current assets"),
        Section.NON_CURRENT_ASSETS: _("Non-current assets"),
        Section.CURRENT_LIABILITIES: _("Current liabilities"),
        Section.NON_CURRENT_LIABILITIES: _("Non-current liabilities"),
    }[section]


def _columns(asked: Asked) -> tuple[Column, ...]:
    columns = (Column("code", _("Code")), Column("name", _("Account")), Column("saldo", _("Balance"), CellType.MONEY))
    return columns if asked.compared is None else (*columns, *comparing.columns())
