"""Transactions of the first Mosaite."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.trans.models import LEGEND_MAX, TransactionStatus
from apps.transfer.first import cells
from apps.transfer.first.cells import Odd
from apps.transfer.first.chart import Chart
from apps.transfer.first.desk import Desk
from apps.transfer.first.people import NOBODY, People
from apps.transfer.first.source import OldBooks, Row
from ledger.entries import Draft, Line
from ledger.money import MINOR_MAX, pesos
from ledger.rules import Fault, check


@dataclass(frozen=True, slots=True)
class NewTransaction:
    """A transaction to be recorded. Its lines name accounts by their place in `Journal.accounts`."""

    row: Row
    who: str | int
    status: TransactionStatus
    draft: Draft
    created_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True)
class Journal:
    """What comes, in the order of dates, and which accounts it names: codes of new ones, keys of those here."""

    new: list[NewTransaction]
    accounts: list[str | int]
    lines: int

    @property
    def total(self) -> int:
        """The debits in centavos."""
        return sum(one.draft.total for one in self.new)


class _Refused(Exception):
    """A transaction cannot come."""

    def __init__(self, code: str, **figures: object) -> None:
        self.code = code
        self.figures = figures
        super().__init__(code)


def plan(books: OldBooks, desk: Desk, people: People, chart: Chart) -> Journal:
    """Return what comes of the transactions in the file; lines that belong to none are set aside too."""
    planner = _Planner(desk, people, chart)
    lines = lines_by_transaction(books)
    seen: set[str] = set()
    for row in books["transactions"]:
        if row.key in seen:
            desk.findings.aside(row, "transaction_repeated")
            continue
        seen.add(row.key)
        planner.take(row, lines.pop(row.key, []))
    for key, lost in lines.items():
        for line in lost:
            desk.findings.aside(line, "transaction_lost", value=key)
    planner.new.sort(key=lambda one: one.draft.date)  # numbers follow dates; within one, the file's order
    return Journal(planner.new, planner.accounts, planner.lines)


def lines_by_transaction(books: OldBooks) -> dict[str, list[Row]]:
    """Return the lines in the file by the transaction that they say they are of."""
    lines: defaultdict[str, list[Row]] = defaultdict(list)
    for line in books["transaction_entries"]:
        lines[cells.key(line.cells.get("trans_id"))].append(line)
    return lines


def digest(row: Row, lines: Sequence[Row]) -> str:
    """Return a digest of a transaction with its lines."""
    return Row(row.table, row.key, {**row.cells, "lines": [line.cells for line in lines]}).digest


class _Planner:
    def __init__(self, desk: Desk, people: People, chart: Chart) -> None:
        self._desk = desk
        self._here = desk.here
        self._findings = desk.findings
        self._people = people
        self._chart = chart
        self.accounts: list[str | int] = list(dict.fromkeys(chart.which.values()))
        self._places = {account: place for place, account in enumerate(self.accounts)}
        self._facts = {self._places[account]: facts for account, facts in chart.facts.items()}
        totals: dict[str | int, tuple[int, int]] = {
            account.pk: (account.debits, account.credits) for account in desk.here.accounts.values()
        }
        self._totals = [totals.get(account, (0, 0)) for account in self.accounts]
        self.new: list[NewTransaction] = []
        self.lines = 0

    def take(self, row: Row, lines: Sequence[Row]) -> None:
        before = self._here.before("transactions").get(row.key)
        if before is not None:
            if before.digest != digest(row, lines):
                self._findings.aside(row, "changed_since", lines=lines)
            return
        mark = len(self._findings.found)
        try:
            taken = self._taken(row, lines)
        except _Refused as refusal:
            # What was noted of it on the way matters no more.
            self._findings.forget(mark)
            self._findings.aside(row, refusal.code, lines=lines, **refusal.figures)
            return
        self.new.append(taken)

    def _taken(self, row: Row, lines: Sequence[Row]) -> NewTransaction:
        date = self._date(row)
        drawn = [line for line in map(self._line, lines) if line is not None]
        if not lines:
            raise _Refused("no_lines")
        draft = Draft(date, self._legend(row), tuple(line for _row, line in drawn))
        for fault in check(draft, self._facts):
            raise _refusal(fault, [line for line, _drawn in drawn], date)
        if (date.year, None) in self._here.closed or (date.year, date.month) in self._here.closed:
            raise _Refused("period_closed", value=date)
        self._post(draft)
        self.lines += len(drawn)
        created_at = self._desk.time(row, "created_at")
        updated = row.cells.get("updated_at")
        updated_at = self._desk.time(row, "updated_at") if updated else created_at
        return NewTransaction(row, self._who(row), self._status(row), draft, created_at, updated_at)

    def _post(self, draft: Draft) -> None:
        """Add the lines to the accounts' totals; refuse what they could not hold."""
        after: dict[int, tuple[int, int]] = {}
        for line in draft.lines:
            debits, credits_ = after.get(line.account_id, self._totals[line.account_id])
            after[line.account_id] = debits + line.debit, credits_ + line.credit
        if any(max(sides) > MINOR_MAX for sides in after.values()):
            raise _Refused("amount_too_large")
        for place, sides in after.items():
            self._totals[place] = sides

    def _date(self, row: Row) -> dt.date:
        cell = row.cells.get("date")
        try:
            date, assumed = cells.day(cell, month_first=self._desk.month_first)
        except Odd as odd:
            raise _Refused(odd.code, value=cell) from None
        if assumed:
            self._findings.note(row, assumed, value=cell, date=date)
        return date

    def _line(self, row: Row) -> tuple[Row, Line] | None:
        """Return a line; None for one that moves nothing, which is set aside."""
        debit, credit = self._amount(row, "debit"), self._amount(row, "credit")
        if debit == credit == 0:
            self._findings.aside(row, "line_empty")
            return None
        key = cells.key(row.cells.get("acc_id"))
        account = self._chart.which.get(key)
        if account is None or account not in self._chart.facts:
            raise _Refused("account_aside" if key in self._chart.aside else "account_lost", line=row.key, value=key)
        return row, Line(self._places[account], debit, credit)

    def _amount(self, row: Row, side: str) -> int:
        cell = row.cells.get(side)
        try:
            return cells.centavos(cell)
        except Odd as odd:
            raise _Refused(odd.code, line=row.key, value=cell) from None

    def _legend(self, row: Row) -> str:
        legend = cells.line(row.cells.get("legend"))
        if len(legend) > LEGEND_MAX:
            self._findings.note(row, "legend_cut", max=LEGEND_MAX, value=legend)
        return legend[:LEGEND_MAX]

    def _status(self, row: Row) -> TransactionStatus:
        cell = row.cells.get("status")
        try:
            return TransactionStatus(cells.whole(cell))
        except ValueError:
            word = cells.line(cell).lower()
            named = {"cerrado": TransactionStatus.CLOSED, "verificado": TransactionStatus.VERIFIED}
            if word not in {*named, "para verificar"} and cell is not None:
                self._findings.note(row, "status_unknown", value=cell)
            return named.get(word, TransactionStatus.PENDING)

    def _who(self, row: Row) -> str | int:
        key = cells.key(row.cells.get("user_id"))
        who = self._people.who.get(key)
        if who is None:
            self._findings.note(row, "recorder_lost", value=key, other=NOBODY)
            return NOBODY
        return who


def _refusal(fault: Fault, lines: Sequence[Row], date: dt.date) -> _Refused:
    figures: dict[str, object] = {name: pesos(amount) for name, amount in fault.figures.items()}
    if fault.line is not None:
        figures["line"] = lines[fault.line].key
    return _Refused(fault.code, **figures, value=date)


def moved(journal: Journal) -> Mapping[str | int, tuple[int, int]]:
    """Return the debits and credits of each account that the journal moves."""
    sums: defaultdict[str | int, list[int]] = defaultdict(lambda: [0, 0])
    for one in journal.new:
        for line in one.draft.lines:
            sides = sums[journal.accounts[line.account_id]]
            sides[0] += line.debit
            sides[1] += line.credit
    return {account: (debits, credits_) for account, (debits, credits_) in sums.items()}
