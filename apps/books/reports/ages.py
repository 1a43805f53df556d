"""How old receivables and payables are."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.queries import accounts_of
from apps.books.reports.asking import Asked
from apps.books.reports.figures import Figures, chart_of
from apps.books.reports.report import Printed, Report, Style, lines
from apps.common.db import snapshot
from apps.common.sheets import CellType, Column
from apps.common.text import fold
from apps.companies.models import Company
from apps.trans.balances import Moved
from ledger.ageing import by_age
from ledger.balances import saldo
from ledger.statements import ASSET, LIABILITY, Chart, Node

NAME = "antiguedad"
# Days back from the last one, and where the next span begins.
_SPANS = ((0, 30), (31, 60), (61, 90))
_PARTS = ("de_0_a_30", "de_31_a_60", "de_61_a_90", "mas_de_90")
_SUMS = ("saldo", *_PARTS, "a_favor")
_WORDS = {
    ASSET: re.compile("creditos por ventas|deudores|documentos a cobrar|tarjetas de credito a cobrar|clientes"),
    LIABILITY: re.compile("deudas comerciales|proveedores|documentos a pagar|cheques diferidos"),
}


def ages_report(company: Company, asked: Asked) -> Report:
    """Return what is owed to the company and by it on the last day, by age.

    Accounts are known by their names and those of their headings, and count where their nature is that
    of their kind: a regularizadora has no age. Without documents to match, payments settle the oldest
    charges first.
    """
    with snapshot():
        chart = chart_of(company)
        nodes = {node.acc_id: section for node in chart.nodes.values() if (section := _section(chart, node))}
        figures = Figures(company, asked.statuses, accounts_of(company).filter(pk__in=nodes))
        day = asked.date_to
        balances = figures.moved(None, day)
        spans = [figures.moved(day - dt.timedelta(days=far), day - dt.timedelta(days=near)) for near, far in _SPANS]
    rows = [
        _row(chart.nodes[key], nodes[key], balances, spans, asked)
        for key in sorted(balances, key=lambda key: (nodes[key], chart.nodes[key].code))
    ]
    rows = [row for row in rows if row["saldo"]]
    totals = {
        section: {name: sum(row[name] for row in rows if row["section"] == section) for name in _SUMS}
        for section in ("creditos", "deudas")
    }
    return Report(
        name=NAME, title=_("Receivables and payables by age"), company=company, date_from=asked.date_from,
        date_to=asked.date_to, columns=_columns(), rows=rows, totals=totals, printed=_printed(rows, totals),
    )


def _section(chart: Chart, node: Node) -> str | None:
    words = _WORDS.get(node.kind)
    if not node.postable or words is None or node.nature != (node.kind == ASSET):
        return None
    named = " / ".join(fold(chart.nodes[key].name) for key in chart.path(node.acc_id))
    return ("creditos" if node.kind == ASSET else "deudas") if words.search(named) else None


def _row(node: Node, section: str, balances: Moved, spans: list[Moved], asked: Asked) -> dict[str, Any]:
    balance = saldo(*balances[node.acc_id], debit_nature=node.nature)
    charges = [span.get(node.acc_id, (0, 0))[0 if node.nature else 1] for span in spans]
    return {
        "section": section, "acc_id": node.acc_id, "code": node.code, "name": node.name, "saldo": balance,
        **dict(zip(_PARTS, by_age(balance, charges), strict=True)),
        "a_favor": max(-balance, 0),
        "opens": asked.opens("libro-mayor", node.code),
    }


def _printed(rows: list[dict[str, Any]], totals: dict[str, dict[str, int]]) -> list[Printed]:
    found = []
    for section, title in (("creditos", _("Receivables")), ("deudas", _("Payables"))):
        found.append(Printed({"name": title}, Style.HEADING))
        found += lines(row for row in rows if row["section"] == section)
        name = _("Total %(what)s") % {"what": title.lower()}
        found.append(Printed({"name": name, **totals[section]}, Style.TOTAL))
    return found


def _columns() -> tuple[Column, ...]:
    heads = (_("0 to 30 days"), _("31 to 60 days"), _("61 to 90 days"), _("Over 90 days"))
    return (
        Column("code", _("Code")), Column("name", _("Account")), Column("saldo", _("Balance"), CellType.MONEY),
        *(Column(key, head, CellType.MONEY) for key, head in zip(_PARTS, heads, strict=True)),
        Column("a_favor", _("In favour"), CellType.MONEY),
    )
