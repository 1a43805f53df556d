"""The transactions of a range, line by line (libro diario), whatever their state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from apps.books.reports.asking import Asked, Place
from apps.books.reports.bounds import must_fit
from apps.books.reports.figures import Figures, account_asked, chart_of
from apps.books.reports.report import Printed, Report, Style
from apps.common.db import exact_sums, snapshot
from apps.common.sheets import CellType, Column
from apps.companies.models import Company
from apps.trans.balances import EVERY_STATUS
from apps.trans.models import Entry, Transaction

NAME = "libro-diario"
_HEADER = ("trans_id", "date", "number", "legend", "status", "kind")
_BATCH = 400


def journal_report(company: Company, asked: Asked) -> Report:
    """Return the lines of the transactions of a range in order of date; a page of the JSON is of transactions."""
    with snapshot():
        every = _transactions(company, asked, asked.date_from)
        # One lower bound: of two, SQLite may begin at the farther and read all between.
        first = asked.date_from if asked.after is None else max(asked.date_from, asked.after.date)
        page = _behind(_transactions(company, asked, first), asked.after)
        found = list(page.values_list(*_HEADER)[: asked.page_size + 1])
        shown = found[: asked.page_size]
        totals = _totals(company, asked, every)
        rows = list(_lines(shown))
    return Report(
        name=NAME, title=_("Journal"), company=company, date_from=asked.date_from, date_to=asked.date_to,
        columns=_columns(), rows=rows, totals=totals, printed=_printed(every, totals),
        more={"next": str(Place(shown[-1][1], shown[-1][0])) if len(found) > len(shown) else None},
    )


def _transactions(company: Company, asked: Asked, first: dt.date) -> QuerySet[Transaction]:
    rows = Transaction.objects.filter(company=company, date__range=(first, asked.date_to))
    if asked.statuses != EVERY_STATUS:
        rows = rows.filter(status__in=asked.statuses)
    chosen = account_asked(company, asked.account)
    if chosen is not None:
        accounts = chart_of(company).under(chosen)
        rows = rows.filter(Exists(Entry.objects.filter(transaction=OuterRef("pk"), account__in=accounts)))
    return rows.order_by("date", "trans_id")


def _behind(rows: QuerySet[Transaction], after: Place | None) -> QuerySet[Transaction]:
    return rows if after is None else rows.exclude(date=after.date, trans_id__lte=after.key)


def _totals(company: Company, asked: Asked, every: QuerySet[Transaction]) -> dict[str, int]:
    if asked.account is None:
        moved = Figures(company, asked.statuses).moved(asked.date_from, asked.date_to).values()
        return {"debe": sum(sides[0] for sides in moved), "haber": sum(sides[1] for sides in moved)}
    (total,) = exact_sums(every.order_by(), "total")
    return {"debe": total, "haber": total}


def _lines(headers: Sequence[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    lines: dict[int, list[tuple[Any, ...]]] = {header[0]: [] for header in headers}
    columns = ("transaction_id", "account_id", "account__code", "account__name", "debit", "credit")
    for key, *line in Entry.objects.filter(transaction__in=lines).order_by("entr_id").values_list(*columns):
        lines[key].append(tuple(line))
    for trans_id, day, number, legend, status, kind in headers:
        for acc_id, code, name, debit, credit in lines[trans_id]:
            yield {
                "trans_id": trans_id, "date": day, "number": number, "legend": legend, "status": status, "kind": kind,
                "acc_id": acc_id, "code": code, "name": name, "debe": debit, "haber": credit,
            }


def _printed(every: QuerySet[Transaction], totals: dict[str, int]) -> Iterator[Printed]:
    must_fit(every.order_by().aggregate(lines=Sum("entries_count"))["lines"] or 0)
    headers = list(every.values_list(*_HEADER))
    for start in range(0, len(headers), _BATCH):
        for row in _lines(headers[start : start + _BATCH]):
            yield Printed(row)
    yield Printed({"legend": _("Totals"), **totals}, Style.TOTAL)


def _columns() -> tuple[Column, ...]:
    return (
        Column("date", _("Date"), CellType.DATE), Column("number", _("No."), CellType.COUNT),
        Column("legend", _("Legend")), Column("code", _("Code")), Column("name", _("Account")),
        Column("debe", _("Debit"), CellType.MONEY), Column("haber", _("Credit"), CellType.MONEY),
    )
