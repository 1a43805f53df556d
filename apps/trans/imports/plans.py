"""What an import would record: lines brought together into drafts, and every fault named."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from apps.accounts.queries import accounts_of
from apps.companies.errors import PeriodClosed
from apps.companies.models import Company
from apps.companies.queries import closed_months
from apps.trans.errors import fault_text
from apps.trans.imports.errors import RowFault, row_fault
from apps.trans.imports.rows import JournalRow, Reading
from ledger.entries import Draft, Line, content_digest
from ledger.rules import AccountFacts, Fault, check

_COLUMN_OF_PLACE = {"acc_id": "cuenta", "debit": "debe", "credit": "haber", "date": "fecha"}
_NO_ACCOUNT = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """One transaction to be: its rows, and its draft where they allow one."""

    rows: tuple[JournalRow, ...]
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All transactions of a file in its order, with every fault."""

    planned: tuple[Planned, ...]
    faults: tuple[RowFault, ...]

    @property
    def drafts(self) -> list[Draft]:
        """What to record; all of the file once there are no faults."""
        return [planned.draft for planned in self.planned if planned.draft is not None]

    @property
    def digest(self) -> str:
        """SHA-256 of the content in any order of its transactions: the same journal from CSV or XLSX has the same."""
        digests = sorted(content_digest(draft.date, draft.legend, draft.lines) for draft in self.drafts)
        return hashlib.sha256("".join(digests).encode()).hexdigest()


def plan(reading: Reading, company: Company) -> Plan:
    """Bring the rows together by asiento, or by date and legend, and check them against the company's books."""
    planner = _Planner(company, reading)
    planned = tuple(planner.planned(rows) for rows in _together(reading.rows))
    return Plan(planned, tuple(sorted(planner.faults, key=lambda fault: fault.row)))


def _together(rows: Sequence[JournalRow]) -> list[list[JournalRow]]:
    """Return the rows by transaction; one that names neither asiento nor date nor legend belongs to the one above."""
    groups: dict[Hashable, list[JournalRow]] = {}
    key: Hashable = None
    for row in rows:
        if row.entry:
            key = row.entry
        elif row.date is not None or row.legend:
            key = (row.date, row.legend)
        groups.setdefault(key, []).append(row)
    return list(groups.values())


class _Planner:
    """Checks transactions of one file, keeping the faults that it meets."""

    def __init__(self, company: Company, reading: Reading) -> None:
        self.faults = list(reading.faults)
        self._unread = {(fault.row, fault.column) for fault in reading.faults}
        self._unread_rows = {fault.row for fault in reading.faults}
        self._closed = closed_months(company)
        self._by_code: dict[str, int] = {}
        self._by_digits: defaultdict[str, list[int]] = defaultdict(list)
        self._facts: dict[int, AccountFacts] = {}
        for pk, code, postable, active in accounts_of(company).values_list("pk", "code", "postable", "status"):
            self._by_code[code] = pk
            self._by_digits[code.replace(".", "")].append(pk)
            self._facts[pk] = AccountFacts(postable, active)

    def planned(self, rows: list[JournalRow]) -> Planned:
        """Return the transaction of these rows; without a draft where a fault stands against it."""
        before = len(self.faults)
        lines = tuple(Line(self._account(row), row.debit, row.credit) for row in rows)
        draft = None if any(row.number in self._unread_rows for row in rows) else self._draft(rows, lines)
        return Planned(tuple(rows), draft if len(self.faults) == before else None)

    def _draft(self, rows: list[JournalRow], lines: tuple[Line, ...]) -> Draft | None:
        date, legend = self._date(rows), self._legend(rows)
        if date is None:
            return None
        draft = Draft(date, legend, lines)
        for fault in check(draft, self._facts):
            self._name(fault, rows)
        if (date.year, None) in self._closed or (date.year, date.month) in self._closed:
            self.faults.append(RowFault(rows[0].number, "fecha", PeriodClosed.code, str(PeriodClosed.message)))
        return draft

    def _date(self, rows: list[JournalRow]) -> dt.date | None:
        dated = [row for row in rows if row.date is not None]
        if not dated:
            named = any(row.entry or row.legend for row in rows)
            column, code = ("fecha", "date_missing") if named else ("asiento", "entry_missing")
            self.faults.append(row_fault(rows[0].number, column, code))
            return None
        self.faults += [
            row_fault(row.number, "fecha", "entry_date", other=dated[0].number)
            for row in dated
            if row.date != dated[0].date
        ]
        return dated[0].date

    def _legend(self, rows: list[JournalRow]) -> str:
        told = [row for row in rows if row.legend]
        self.faults += [
            row_fault(row.number, "leyenda", "entry_legend", other=told[0].number)
            for row in told
            if row.legend != told[0].legend
        ]
        return told[0].legend if told else ""

    def _account(self, row: JournalRow) -> int:
        """Return the account by its code, or by its digits where only one has them."""
        if (row.number, "cuenta") in self._unread:
            return _NO_ACCOUNT
        found = self._by_code.get(row.account)
        if found is not None:
            return found
        alike = self._by_digits.get(row.account.replace(".", ""), []) if row.account else []
        if len(alike) == 1:
            return alike[0]
        code = "account_ambiguous" if alike else "account_unknown" if row.account else "account_missing"
        self.faults.append(row_fault(row.number, "cuenta", code, value=row.account))
        return _NO_ACCOUNT

    def _name(self, fault: Fault, rows: list[JournalRow]) -> None:
        """Keep a rule's fault under its row and column; an unknown account has been named already."""
        if fault.code != "account_unknown":
            row = rows[fault.line or 0]
            column = _COLUMN_OF_PLACE.get(fault.place, "asiento")
            self.faults.append(RowFault(row.number, column, fault.code, fault_text(fault)))
