"""What an import finds wrong, in which row and column, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Invalid


class UnreadableFile(Invalid):
    """The file as a whole cannot be read: nothing can be said of its rows."""

    code = "unreadable_file"

    def __init__(self, text: Any) -> None:
        super().__init__({"file": [str(text)]})


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong with a row. `row` counts from 1, as a spreadsheet does."""

    row: int
    column: str
    code: str
    text: str


ROW_TEXTS = {
    "head_missing": _("There is no column “%(value)s”: the first row must name asiento, fecha, leyenda, cuenta, debe"
                      " and haber."),
    "opening_head_missing": _("There is no column “%(value)s”: the first row must name cuenta and saldo, or cuenta,"
                              " debe and haber."),
    "account_repeated": _("Row %(other)d is of the same account: leave one of them."),
    "head_repeated": _("The column “%(value)s” appears twice: leave one of them."),
    "date_missing": _("The date is missing: write it as day/month/year."),
    "date_unreadable": _("“%(value)s” is no date: write it as 31/12/2026 or 2026-12-31."),
    "date_short_year": _("“%(value)s” does not say which century: write the year with four digits."),
    "date_unreal": _("There is no day “%(value)s”: the order is day/month/year."),
    "amount_unreadable": _("“%(value)s” is no amount: write it as 1.234,56 or 1234.56."),
    "amount_ambiguous": _("“%(value)s” can be read in two ways and no other amount of the file shows which: write the"
                          " centavos too, 1.234,00 or 1234.00."),
    "amount_fraction": _("“%(value)s” has fractions of a centavo: round it to two decimals."),
    "amount_too_large": _("“%(value)s” is too large an amount."),
    "account_missing": _("The account's code is missing."),
    "account_unknown": _("There is no account with the code “%(value)s”: correct the code, or create the account."),
    "account_ambiguous": _("Several accounts have the digits “%(value)s”: write the code with its dots."),
    "text_too_long": _("The text is longer than %(max)d characters: shorten it."),
    "text_unprintable": _("The text holds characters that cannot be printed: write it again."),
    "entry_date": _("Row %(other)d of the same asiento has another date: repeat that date, or give this row another"
                    " asiento number."),
    "entry_legend": _("Row %(other)d of the same asiento has another legend: repeat that one or leave it blank, or give"
                      " this row another asiento number."),
    "entry_missing": _("The row belongs to no asiento: give it a number, or a date and a legend."),
}


def row_fault(row: int, column: str, code: str, **figures: object) -> RowFault:
    """Return the fault with its text."""
    return RowFault(row, column, code, str(ROW_TEXTS[code]) % figures)
