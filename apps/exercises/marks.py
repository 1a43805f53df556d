"""Marks as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.common.sheets import CSV_TYPE, XLSX_TYPE, CellType, Column, write_csv, write_xlsx
from apps.exercises.queries import Mark


def sheet(title: str, marks: Sequence[Mark], form: str) -> tuple[bytes, str]:
    """Return the marks as csv or xlsx, and its content type."""
    columns = [
        Column("name", _("Student")), Column("email", _("E-mail")), Column("group", _("Group")),
        Column("tries", _("Tries"), CellType.COUNT), Column("last_at", _("Last handed in"), CellType.DATE),
        Column("earned", _("Points"), CellType.NUMBER), Column("points", _("Of"), CellType.NUMBER),
        Column("mark", _("Mark"), CellType.NUMBER), Column("overridden", _("Set by hand")),
    ]
    if form == "csv":
        return b"".join(write_csv(columns, _rows(marks))), CSV_TYPE
    return write_xlsx(title, columns, _rows(marks)), XLSX_TYPE


def _rows(marks: Sequence[Mark]) -> Iterator[list[Any]]:
    for mark in marks:
        yield [
            mark.name, mark.email, mark.group, mark.tries, timezone.localdate(mark.last_at) if mark.last_at else None,
            _whole(mark.earned), _whole(mark.points), _whole(mark.mark), _("yes") if mark.overridden else "",
        ]


def _whole(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)
