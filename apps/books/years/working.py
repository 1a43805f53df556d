"""The working of the adjustment for inflation, as a report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.books.reports.figures import chart_of
from apps.books.reports.report import Printed, Report, Style, lines
from apps.books.years.inflation import working
from apps.books.years.queries import Year
from apps.common.db import snapshot
from apps.common.sheets import CellType, Column
from apps.companies.models import Company
from ledger.closing import Restated
from ledger.statements import Chart

_PLACES = Decimal("0.000001")


def working_report(company: Company, number: int) -> Report:
    """Return each movement with its coefficient; UnknownYear, IndicesMissing."""
    year = Year.of(number)
    with snapshot():
        chart = chart_of(company)
        rows = [_row(restated, chart) for restated in working(company, year)]
    rows.sort(key=lambda row: (row["code"], row["month"]))
    totals = {name: sum(row[name] for row in rows) for name in ("historico", "ajustado", "ajuste")}
    totals["recpam"] = -totals["ajuste"]
    return Report(
        name="ajuste-por-inflacion", title=_("Working of the adjustment for inflation"), company=company,
        date_from=year.first, date_to=year.last, columns=_columns(), rows=rows, totals=totals,
        printed=[
            *lines(rows),
            Printed({"name": _("Totals"), **totals}, Style.TOTAL),
            Printed({"name": "RECPAM", "ajuste": totals["recpam"]}, Style.TOTAL),
        ],
    )


def _row(restated: Restated, chart: Chart) -> dict[str, Any]:
    movement, ratio = restated.movement, restated.coefficient
    node = chart.nodes[movement.account]
    return {
        "acc_id": node.acc_id, "code": node.code, "name": node.name, "month": movement.origin,
        "historico": movement.net,
        "coeficiente": str((Decimal(ratio.numerator) / Decimal(ratio.denominator)).quantize(_PLACES)),
        "ajustado": restated.net, "ajuste": restated.difference,
    }


def _columns() -> tuple[Column, ...]:
    return (
        Column("code", _("Code")), Column("name", _("Account")), Column("month", _("Origin"), CellType.MONTH),
        Column("historico", _("Historic"), CellType.MONEY), Column("coeficiente", _("Coefficient"), CellType.NUMBER),
        Column("ajustado", _("Restated"), CellType.MONEY), Column("ajuste", _("Adjustment"), CellType.MONEY),
    )
