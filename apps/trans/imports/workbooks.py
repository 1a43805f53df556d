"""Rows of an Excel workbook, read as the hostile file that it may be."""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import re
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from apps.trans.imports.cells import COLUMNS_MAX, Cells
from apps.trans.imports.errors import UnreadableFile

logger = logging.getLogger(__name__)

MEMBERS_MAX = 1000
SHEETS_BYTES_MAX = 32 * 1024 * 1024
PART_BYTES_MAX = 8 * 1024 * 1024  # shared texts and styles, which openpyxl reads whole
EXCEL_ROWS_MAX = 1_048_576
_SHEETS = "xl/worksheets/"
_FORMULA_WITHOUT_RESULT = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]*>\s*<f(?:[^<>]*/>|[^<>]*>[^<>]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)


def workbook_rows(data: bytes) -> Iterator[Cells]:
    """Yield the rows of the first sheet; formulas count by the result stored with them.

    Raises UnreadableFile: not a workbook, with macros, encrypted, inflating beyond the bounds, or with a
    formula that was never calculated.
    """
    try:
        _check_archive(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with contextlib.closing(workbook):
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # the file may state a smaller size, and rows beyond it would be left out
            rows = sheet.iter_rows(max_col=COLUMNS_MAX, values_only=True)
            yield from itertools.islice(rows, EXCEL_ROWS_MAX)
            if next(rows, None) is not None:
                raise UnreadableFile(_("The workbook has rows beyond what Excel allows: save it again in Excel."))
    except UnreadableFile:
        raise
    except Exception as error:
        # openpyxl fails on a broken file in a dozen ways.
        logger.info("import.workbook_refused", extra={"error": type(error).__name__})
        raise UnreadableFile(
            _("The workbook cannot be read: open it in Excel and save it again as .xlsx, or send it as CSV.")
        ) from error


def _check_archive(data: bytes) -> None:
    """Raise UnreadableFile by what the archive declares; zipfile inflates no member beyond that."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if any("vbaproject" in member.filename.lower() for member in members):
            raise UnreadableFile(_("The workbook has macros: save it as .xlsx without macros."))
        sheets = [member for member in members if member.filename.startswith(_SHEETS)]
        parts = [member for member in members if not member.filename.startswith((_SHEETS, "xl/media/"))]
        if (
            len(members) > MEMBERS_MAX
            or sum(sheet.file_size for sheet in sheets) > SHEETS_BYTES_MAX
            or any(part.file_size > PART_BYTES_MAX for part in parts)
        ):
            raise UnreadableFile(_("The workbook is too large once unpacked: split it, or send it as CSV."))
        for sheet in sheets:
            _check_formulas(archive.read(sheet))


def _check_formulas(xml: bytes) -> None:
    found = _FORMULA_WITHOUT_RESULT.search(xml)
    if found is not None:
        message = _("The cell %(cell)s holds a formula without its result: open the workbook in Excel and save it, or"
                    " paste the values.")
        raise UnreadableFile(message % {"cell": found.group(1).decode()})
