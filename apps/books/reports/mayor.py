"""The libro mayor: an account's lines with its running balance, or what every account moved.

A page costs its own rows, whatever stands before it: the balance that it begins with comes from
monthly totals and the days of at most half a month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.queries import accounts_of
from apps.books.reports.asking import Asked, Place
from apps.books.reports.bounds import must_fit
from apps.books.reports.figures import Figures, account_asked, chart_of
from apps.books.reports.report import Printed, Report, Style
from apps.common.db import snapshot
from apps.common.sheets import CellType, Column
from apps.companies.models import Company
from apps.trans.balances import EVERY_STATUS, Moved
from apps.trans.models import Entry
from ledger.balances import saldo
from ledger.statements import Chart, Node

NAME = "libro-mayor"
_DAY = dt.timedelta(days=1)
_LINE = (
    "entr_id", "date", "transaction_id", "transaction__number", "transaction__legend", "transaction__status",
    "transaction__kind", "debit", "credit",
)
_NOTHING = (0, 0)


def mayor_report(company: Company, asked: Asked) -> Report:
    """Return the lines of the account asked for, or what each account moved where it is a heading or none."""
    with snapshot():
        chart, chosen = chart_of(company), account_asked(company, asked.account)
        if chosen is not None and chart.nodes[chosen].postable:
            return _of_account(company, chart.nodes[chosen], asked)
        return _of_all(company, chart, chosen, asked)


# --- One account --------------------------------------------------------------------------------------


def _of_account(company: Company, node: Node, asked: Asked) -> Report:
    figures = Figures(company, asked.statuses, accounts_of(company).filter(pk=node.acc_id))
    opening = figures.moved(None, asked.date_from - _DAY).get(node.acc_id, _NOTHING)
    during = figures.moved(asked.date_from, asked.date_to).get(node.acc_id, _NOTHING)
    debits, credits_ = opening
    if asked.after is not None:
        debits, credits_ = _brought_to(figures, node, asked, asked.after)
    found = list(_lines(node, asked, asked.after).values_list(*_LINE)[: asked.page_size + 1])
    shown = found[: asked.page_size]
    rows = list(_running(node, shown, debits, credits_))
    end = opening[0] + during[0], opening[1] + during[1]
    totals = {
        "saldo_inicial": saldo(*opening, debit_nature=node.nature), "debe": during[0], "haber": during[1],
        "saldo_final": saldo(*end, debit_nature=node.nature),
    }
    return Report(
        name=NAME, title=_("General ledger"), company=company, date_from=asked.date_from, date_to=asked.date_to,
        columns=_columns(), rows=rows, totals=totals,
        printed=_printed([node], asked, {node.acc_id: opening}, {node.acc_id: during}),
        more={
            "opens": asked.opens("libro-diario", node.code),
            "account": {"acc_id": node.acc_id, "code": node.code, "name": node.name, "nature": node.nature},
            "next": str(Place(shown[-1][1], shown[-1][0])) if len(found) > len(shown) else None,
        },
    )


def _brought_to(figures: Figures, node: Node, asked: Asked, place: Place) -> tuple[int, int]:
    """Return what the account moved, ever, up to a place of the range."""
    day = min(max(place.date, asked.date_from), asked.date_to)
    before = figures.moved(None, day - _DAY).get(node.acc_id, _NOTHING)
    on_the_day = Entry.objects.filter(account=node.acc_id, date=day, transaction__status__in=figures.statuses)
    if day == place.date:
        on_the_day = on_the_day.filter(entr_id__lte=place.key)
    sides = list(on_the_day.values_list("debit", "credit"))
    return before[0] + sum(side[0] for side in sides), before[1] + sum(side[1] for side in sides)


def _lines(node: Node, asked: Asked, after: Place | None) -> QuerySet[Entry]:
    # One lower bound: of two, SQLite may begin at the farther and read all between.
    first = asked.date_from if after is None else max(asked.date_from, after.date)
    rows = Entry.objects.filter(account=node.acc_id, date__range=(first, asked.date_to))
    if asked.statuses != EVERY_STATUS:
        rows = rows.filter(transaction__status__in=asked.statuses)
    if after is not None:
        rows = rows.exclude(date=after.date, entr_id__lte=after.key)
    return rows.order_by("date", "entr_id")


def _running(node: Node, lines: Any, debits: int, credits_: int) -> Iterator[dict[str, Any]]:
    for entr_id, day, trans_id, number, legend, status, kind, debit, credit in lines:
        debits, credits_ = debits + debit, credits_ + credit
        yield {
            "entr_id": entr_id, "date": day, "trans_id": trans_id, "number": number, "legend": legend,
            "status": status, "kind": kind, "debe": debit, "haber": credit,
            "saldo": saldo(debits, credits_, debit_nature=node.nature),
        }


def _printed_account(
    node: Node, asked: Asked, opening: tuple[int, int], totals: dict[str, int]
) -> Iterator[Printed]:
    lines = _lines(node, asked, None)
    yield Printed({"legend": f"{node.code} {node.name}"}, Style.HEADING)
    yield Printed({"legend": _("Opening balance"), "saldo": totals["saldo_inicial"]})
    for row in _running(node, lines.values_list(*_LINE).iterator(), *opening):
        yield Printed(row)
    yield Printed(
        {"legend": _("Totals"), "debe": totals["debe"], "haber": totals["haber"], "saldo": totals["saldo_final"]},
        Style.TOTAL,
    )


# --- Every account, or those under a heading ------------------------------------------------------------


def _of_all(company: Company, chart: Chart, heading: int | None, asked: Asked) -> Report:
    figures = Figures(company, asked.statuses)
    opening, during = figures.moved(None, asked.date_from - _DAY), figures.moved(asked.date_from, asked.date_to)
    kept = set(chart.nodes) if heading is None else chart.under(heading)
    nodes = sorted((chart.nodes[key] for key in (opening.keys() | during.keys()) & kept), key=lambda node: node.code)
    rows = [_summary(node, opening, during, asked) for node in nodes]
    totals = {"debe": sum(row["debe"] for row in rows), "haber": sum(row["haber"] for row in rows)}
    return Report(
        name=NAME, title=_("General ledger"), company=company, date_from=asked.date_from, date_to=asked.date_to,
        columns=_columns(), rows=rows, totals=totals, printed=_printed(nodes, asked, opening, during),
        more={"opens": asked.opens("libro-diario", asked.account), "account": None, "next": None},
    )


def _summary(node: Node, opening: Moved, during: Moved, asked: Asked) -> dict[str, Any]:
    before, moved = opening.get(node.acc_id, _NOTHING), during.get(node.acc_id, _NOTHING)
    return {
        "acc_id": node.acc_id, "code": node.code, "name": node.name,
        "saldo_inicial": saldo(*before, debit_nature=node.nature), "debe": moved[0], "haber": moved[1],
        "saldo": saldo(before[0] + moved[0], before[1] + moved[1], debit_nature=node.nature),
        "opens": asked.opens(NAME, node.code),
    }


def _printed(nodes: list[Node], asked: Asked, opening: Moved, during: Moved) -> Iterator[Printed]:
    must_fit(Entry.objects.filter(
        account__in=[node.acc_id for node in nodes], date__range=(asked.date_from, asked.date_to)
    ).count())
    for node in nodes:
        summary = _summary(node, opening, during, asked)
        totals = {**summary, "saldo_final": summary["saldo"]}
        yield from _printed_account(node, asked, opening.get(node.acc_id, _NOTHING), totals)


def _columns() -> tuple[Column, ...]:
    return (
        Column("date", _("Date"), CellType.DATE), Column("number", _("No."), CellType.COUNT),
        Column("legend", _("Legend")), Column("debe", _("Debit"), CellType.MONEY),
        Column("haber", _("Credit"), CellType.MONEY), Column("saldo", _("Balance"), CellType.MONEY),
    )
