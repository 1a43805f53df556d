"""A journal as files in the import's format: one row a line, `asiento` numbering the transactions."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import BinaryIO, TextIO

from openpyxl import Workbook

from apps.dash.demo.books import JournalEntry, JournalLine
from ledger.money import pesos

HEADS = ("asiento", "fecha", "leyenda", "cuenta", "debe", "haber")


def write_csv(entries: Iterable[JournalEntry], target: TextIO) -> None:
    """Write CSV as Excel does in Argentina: semicolons, dates dd/mm/yyyy, amounts 1.234,56."""
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for number, entry, line in _rows(entries):
        writer.writerow([
            number, f"{entry.date:%d/%m/%Y}", entry.legend, line.code,
            pesos(line.debit) if line.debit else "", pesos(line.credit) if line.credit else "",
        ])


def write_xlsx(entries: Iterable[JournalEntry], target: BinaryIO) -> None:
    """Write a workbook with one sheet, whose dates and amounts are dates and numbers."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Asientos")
    sheet.append(HEADS)
    for number, entry, line in _rows(entries):
        amounts = [Decimal(amount) / 100 if amount else None for amount in (line.debit, line.credit)]
        sheet.append([number, entry.date, entry.legend, line.code, *amounts])
    workbook.save(target)


def _rows(entries: Iterable[JournalEntry]) -> Iterator[tuple[int, JournalEntry, JournalLine]]:
    for number, entry in enumerate(entries, start=1):
        for line in entry.lines:
            yield number, entry, line
