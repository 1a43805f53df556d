"""Opening balances from a file: one transaction, of accounts and what each begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.queries import accounts_of
from apps.companies.models import Company
from apps.trans.imports.cells import OPENING_HEADS, SheetRow
from apps.trans.imports.errors import RowFault, UnreadableFile, row_fault
from apps.trans.imports.rows import CODE_MAX, CellReader, JournalRow, Reading, columns_of, missing_heads


@dataclass(frozen=True, slots=True)
class Opening:
    """When and how it is recorded; `counterpart` is the code of the account that takes the difference, if any."""

    date: dt.date
    legend: str
    counterpart: str = ""


def read_opening(sheet: Sequence[SheetRow], opening: Opening, company: Company) -> Reading:
    """Read a sheet of accounts and balances as the lines of one transaction.

    The columns are `cuenta` with `saldo` (above zero on the side of the account's nature) or with `debe`
    and `haber`. Rows without an amount are left out; UnreadableFile where none has one.
    """
    columns, faults = columns_of(sheet[0], OPENING_HEADS)
    wanted = ("cuenta", "saldo") if "saldo" in columns else ("cuenta", "debe", "haber")
    faults += missing_heads(sheet[0], columns, wanted, "opening_head_missing")
    if faults:
        return Reading((), tuple(faults))
    reader = CellReader(columns, sheet[1:], amounts=wanted[1:])
    natures = _natures(company)
    read = [_line(reader, row, opening, natures) for row in sheet[1:]]
    unread = {fault.row for fault in reader.faults}
    lines = [line for line in read if line.debit or line.credit or line.number in unread]
    if not lines:
        raise UnreadableFile(_("No row of the file has an amount."))
    if opening.counterpart and not reader.faults:
        lines += _difference(lines, opening, after=sheet[-1].number)
    return Reading(tuple(lines), (*reader.faults, *_repeated(lines)))


def _natures(company: Company) -> dict[str, bool]:
    """Return the natures of the company's accounts by their codes, with and without dots."""
    rows = list(accounts_of(company).values_list("code", "nature"))
    return {code.replace(".", ""): nature for code, nature in rows} | dict(rows)


def _line(reader: CellReader, row: SheetRow, opening: Opening, natures: dict[str, bool]) -> JournalRow:
    account = reader.text(row, "cuenta", maximum=CODE_MAX)
    debit, credit = reader.amount(row, "debe"), reader.amount(row, "haber")
    balance = reader.amount(row, "saldo")
    if balance:
        # An account that is not there is named by the plan, whatever its side.
        on_debit = natures.get(account, natures.get(account.replace(".", ""), True)) == (balance > 0)
        debit, credit = (abs(balance), 0) if on_debit else (0, abs(balance))
    return JournalRow(row.number, "", opening.date, opening.legend, account, debit, credit)


def _difference(lines: Sequence[JournalRow], opening: Opening, *, after: int) -> list[JournalRow]:
    """Return the line that balances the others; none where they do by themselves."""
    excess = sum(line.debit - line.credit for line in lines)
    if not excess:
        return []
    side = (0, excess) if excess > 0 else (-excess, 0)
    return [JournalRow(after + 1, "", opening.date, opening.legend, opening.counterpart, *side)]


def _repeated(lines: Iterable[JournalRow]) -> list[RowFault]:
    """Return a fault for each row of an account that a row above names: a total copied with its parts, likely."""
    first: dict[str, int] = {}
    faults = []
    for line in lines:
        code = line.account.replace(".", "")
        if code and first.setdefault(code, line.number) != line.number:
            faults.append(row_fault(line.number, "cuenta", "account_repeated", other=first[code]))
    return faults
