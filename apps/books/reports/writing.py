"""A report as JSON, CSV, workbook or PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpResponse, HttpResponseBase
from rest_framework.response import Response

from apps.books.reports.report import Report
from apps.common.sheets import CSV_TYPE, XLSX_TYPE, Row, write_csv, write_xlsx


def written(report: Report, form: str) -> HttpResponseBase:
    """Return the answer that carries the report in one of asking.FORMATS."""
    if form == "json":
        return Response(report.as_json())
    kind, write = _FILES[form]
    return HttpResponse(
        write(report), content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{report.file_name}.{form}"'},
    )


def _csv(report: Report) -> bytes:
    return b"".join(write_csv(report.columns, _rows(report)))


def _xlsx(report: Report) -> bytes:
    return write_xlsx(report.title, report.columns, _rows(report))


def _rows(report: Report) -> Iterator[Row]:
    for row in report.printed:
        yield [row.cells.get(column.key) for column in report.columns]


_FILES: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "csv": (CSV_TYPE, _csv),
    "xlsx": (XLSX_TYPE, _xlsx),
}
