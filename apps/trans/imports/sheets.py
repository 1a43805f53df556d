"""A file of either kind as rows of cells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from django.utils.translation import gettext as _

from apps.trans.imports.cells import WEB, Bounds, Cells, SheetRow, text_of
from apps.trans.imports.delimited import csv_rows
from apps.trans.imports.errors import UnreadableFile

_ZIP = b"PK\x03\x04"


def read_sheet(name: str, data: bytes, bounds: Bounds = WEB) -> list[SheetRow]:
    """Return the rows of a CSV or XLSX file (its first sheet) that are not blank.

    Name and content must agree. Raises UnreadableFile for what is neither, empty, or beyond the bounds.
    """
    if len(data) > bounds.bytes:
        raise UnreadableFile(_("The file is larger than %(max)d MB: split it.") % {"max": bounds.bytes >> 20})
    suffix = PurePath(name).suffix.lower()
    if data.startswith(_ZIP) and suffix in {"", ".xlsx"}:
        # openpyxl costs 15 MB of memory: who sends no workbook does not pay for it.
        from apps.trans.imports.workbooks import workbook_rows

        return _kept(workbook_rows(data), bounds)
    if data.startswith(_ZIP) or suffix not in {"", ".csv", ".tsv", ".txt"}:
        raise UnreadableFile(_("Send the journal as CSV or as an Excel workbook (.xlsx, without macros)."))
    return _kept(csv_rows(data), bounds)


def _kept(rows: Iterable[Cells], bounds: Bounds) -> list[SheetRow]:
    kept = []
    for number, cells in enumerate(rows, start=1):
        # The first question is cheap: a workbook may pad a million blank rows.
        if cells.count(None) == len(cells) or not any(text_of(cell) for cell in cells):
            continue
        if number > bounds.rows + 1:
            raise UnreadableFile(_("The file has more than %(max)d rows: split it.") % {"max": bounds.rows})
        kept.append(SheetRow(number, cells))
    if not kept:
        raise UnreadableFile(_("The file is empty."))
    return kept
