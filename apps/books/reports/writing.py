"""A report as JSON, CSV, workbook or PDF."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.books.errors import PagesFailed
from apps.books.reports.bounds import FILE_LINES_MAX, must_fit
from apps.books.reports.report import Printed, Report
from apps.common.db import snapshot
from apps.common.sheets import (
    CSV_TYPE,
    XLSX_TYPE,
    CellType,
    Column,
    Row,
    csv_cell,
    day_first,
    write_csv,
    write_xlsx,
)
from ledger.money import pesos
from services.daily.typesetting import TypesettingFailed, page_count, together, typeset

logger = logging.getLogger(__name__)
ONE_DOCUMENT_ROWS = 2_000
PART_ROWS = 1_500


def written(report: Report, form: str) -> HttpResponseBase:
    """Return the answer that carries the report in one of asking.FORMATS. Raises ReportTooLarge, PagesFailed."""
    if form == "json":
        return Response(report.as_json())
    file = _FILES[form]
    with snapshot():  # over before the file is made: pages take seconds
        rows = list(islice(report.printed, file.rows_max + 1))
    must_fit(len(rows), file.rows_max)
    return HttpResponse(
        file.write(report, rows), content_type=file.type,
        headers={"Content-Disposition": f'attachment; filename="{report.file_name}.{form}"'},
    )


def _csv(report: Report, rows: Sequence[Printed]) -> bytes:
    return b"".join(write_csv(report.columns, _cells(report, rows)))


def _xlsx(report: Report, rows: Sequence[Printed]) -> bytes:
    return write_xlsx(report.title, report.columns, _cells(report, rows))


def _cells(report: Report, rows: Sequence[Printed]) -> Iterator[Row]:
    for row in rows:
        yield [row.cells.get(column.key) for column in report.columns]


def _pdf(report: Report, rows: Sequence[Printed]) -> bytes:
    try:
        if len(rows) <= ONE_DOCUMENT_ROWS:
            return typeset("report", _page_data(report, rows))
        return together(_parts(report, rows))
    except TypesettingFailed as error:
        logger.error("report.pages_failed", exc_info=error, extra={"report": report.name})
        raise PagesFailed from error


def _parts(report: Report, rows: Sequence[Printed]) -> Iterator[bytes]:
    """Yield the pages of a long report part by part, each numbered on from the one before."""
    first = 1
    for start in range(0, len(rows), PART_ROWS):
        data = _page_data(report, rows[start : start + PART_ROWS]) | {"first_page": first, "whole": False}
        pages = typeset("report", data, tagged=False)
        yield pages
        first += page_count(pages)


def _page_data(report: Report, rows: Sequence[Printed]) -> dict[str, Any]:
    return {
        "title": report.title,
        "company": report.company.name,
        "period": _("From %(from)s to %(to)s") % {
            "from": day_first(report.date_from), "to": day_first(report.date_to),
        },
        "page": _("Page"),
        "first_page": 1,
        "whole": True,
        "columns": [
            {"head": column.head, "number": column.type in _NUMBERS, "grows": column.key in _GROWING}
            for column in report.columns
        ],
        "rows": [
            {
                "style": row.style.value,
                "cells": [_page_cell(column, row.cells.get(column.key)) for column in report.columns],
            }
            for row in rows
        ],
    }


def _page_cell(column: Column, cell: Any) -> str:
    if column.type == CellType.MONEY and cell is not None:
        if cell == 0:
            return "" if column.key in _BLANK_ZERO else pesos(0)
        return pesos(cell) if cell > 0 else f"({pesos(-cell)})"
    return csv_cell(column.type, cell) if column.type != CellType.TEXT else str(cell or "")


_NUMBERS = {CellType.MONEY, CellType.COUNT, CellType.NUMBER}
_GROWING = {"name", "legend"}
_BLANK_ZERO = {"debe", "haber", "saldo_deudor", "saldo_acreedor", "saldo_inicial"}


@dataclass(frozen=True, slots=True)
class _File:
    """A form of file: what writes it, and the rows that it may have by what they cost."""

    type: str
    rows_max: int
    write: Callable[[Report, Sequence[Printed]], bytes]


_FILES = {
    "csv": _File(CSV_TYPE, FILE_LINES_MAX, _csv),
    "xlsx": _File(XLSX_TYPE, 20_000, _xlsx),  # 2 s of CPU; a CSV of as many takes 0.1
    "pdf": _File("application/pdf", 10_000, _pdf),
}
