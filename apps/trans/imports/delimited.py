"""Rows of a CSV file, in every delimiter and encoding in use here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.common.text import fold
from apps.trans.imports.cells import COLUMNS_MAX, HEADS, Cells
from apps.trans.imports.errors import UnreadableFile

_DELIMITERS = (";", ",", "\t")
# By this first line Excel is told the delimiter; it counts as a row, a blank one.
_DECLARED = re.compile(r"sep=([;,\t])(?=\r?\n)", re.IGNORECASE)


def csv_rows(data: bytes) -> Iterator[Cells]:
    """Yield the rows of a CSV file; UnreadableFile for what is not text or not CSV."""
    text = _decoded(data)
    declared = _DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    delimiter = declared.group(1) if declared else _delimiter(text)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield tuple(cells[:COLUMNS_MAX])
    except csv.Error as error:
        message = _("Line %(line)d is not valid CSV (%(error)s): check its quotation marks.")
        raise UnreadableFile(message % {"line": reader.line_num, "error": error}) from error


def _decoded(data: bytes) -> str:
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    # cp1252 is what Excel calls CSV in Argentina.
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(_("The file is not text: send the journal as CSV (UTF-8) or as an Excel workbook (.xlsx)."))


def _delimiter(text: str) -> str:
    """Return the delimiter by which the first line that is not blank names most of the heads."""
    first = next((line for line in text[:10_000].splitlines() if line.strip(";,\t ")), "")
    return max(_DELIMITERS, key=lambda delimiter: sum(fold(head) in HEADS for head in first.split(delimiter)))
