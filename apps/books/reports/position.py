"""The estado de situación patrimonial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from apps.books.reports.asking import Asked
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
    """Return what is owned, owed and left on the last day; the result of the range is a line of the equity.

    Entries that close the year's results or its books do not count, so that a closed year still
    shows what it was.
    """
    with snapshot():
        chart, chosen = chart_of(company), account_asked(company, asked.account)
        balances, results = position_figures(Figures(company, asked.statuses), asked)
    kept = set(chart.nodes) if chosen is None else chart.under(chosen)
    shown = position(chart, _only(balances, kept), _only(results, kept), asked.level or RUBRO)
    rows = [*_rows(shown, chart, asked), *_result_rows(shown, asked)]
    totals = _totals(shown)
    return Report(
        name=NAME, title=_("Statement of financial position"), company=company, date_from=asked.date_from,
        date_to=asked.date_to, columns=_columns(), rows=rows, totals=totals, printed=list(_printed(rows, totals)),
        more={"opens": asked.opens("sumas-y-saldos", asked.account)},
    )


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
                yield Printed({"name": name, "saldo": totals[section.value]}, Style.TOTAL)
        yield Printed({"name": _("Total %(what)s") % {"what": title.lower()}, "saldo": totals[total]}, Style.TOTAL)
    yield Printed({"name": _("Total liabilities and equity"), "saldo": totals["pasivo_y_patrimonio_neto"]}, Style.TOTAL)


def _section_name(section: Section) -> str:
    return {
        Section.CURRENT_ASSETS: _("Current assets"),
        Section.NON_CURRENT_ASSETS: _("Non-current assets"),
        Section.CURRENT_LIABILITIES: _("Current liabilities"),
        Section.NON_CURRENT_LIABILITIES: _("Non-current liabilities"),
    }[section]


def _columns() -> tuple[Column, ...]:
    return (Column("code", _("Code")), Column("name", _("Account")), Column("saldo", _("Balance"), CellType.MONEY))
