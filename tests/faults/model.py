"""The books as a bookkeeper would explain them: plain Python, nothing kept that can be counted anew."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ledger.entries import Draft, Line

PENDING, VERIFIED, CLOSED = 0, 1, 2
LARGEST = 2**63 - 1


class Refusal(Exception):
    """The model's bookkeeper says no, with the code by which the system must say so too."""


@dataclass
class Written:
    """A transaction in the model's books."""

    draft: Draft
    status: int = PENDING
    number: int | None = None
    reverses: int | None = None


@dataclass
class ModelBooks:
    """One company's books. Keys of transactions and accounts are those of the system under test."""

    postable: set[int]
    active: set[int]
    written: dict[int, Written] = field(default_factory=dict)
    closed_periods: set[tuple[int, int | None]] = field(default_factory=set)

    # --- What anyone can count -------------------------------------------------------------------

    def totals(self) -> dict[int, tuple[int, int]]:
        """Return (debits, credits) of each account."""
        return _summed((line.account_id, line) for _day, line in self._lines())

    def months(self) -> dict[tuple[int, str], tuple[int, int]]:
        """Return (debits, credits) of each account and month."""
        return _summed(((line.account_id, f"{day:%Y-%m}"), line) for day, line in self._lines())

    def tallies(self) -> Counter[tuple[str, int]]:
        """Return how many transactions stand in each month and state."""
        return Counter((f"{one.draft.date:%Y-%m}", one.status) for one in self.written.values())

    def numbers(self, year: int) -> list[int]:
        """Return the numbers given in a year."""
        return sorted(one.number or 0 for one in self.written.values() if one.number and one.draft.date.year == year)

    def _lines(self) -> Iterable[tuple[dt.date, Line]]:
        return ((one.draft.date, line) for one in self.written.values() for line in one.draft.lines)

    # --- What may be done ------------------------------------------------------------------------

    def may_stand(self, draft: Draft) -> None:
        """Refuse a draft that breaks the rules, is dated in a closed period or overflows a balance."""
        lines = draft.lines
        one_side = all((line.debit > 0 and line.credit == 0) or (line.credit > 0 and line.debit == 0) for line in lines)
        debits, credits_ = sum(line.debit for line in lines), sum(line.credit for line in lines)
        usable = all(line.account_id in self.postable & self.active for line in lines)
        if not (len(lines) >= 2 and one_side and debits == credits_ <= LARGEST and usable):
            raise Refusal("invalid_transaction")
        self.must_be_open(draft.date)

    def must_fit(self, draft: Draft) -> None:
        """Refuse a draft with which an account's debits or credits would not fit."""
        lines = [*self._lines(), *((draft.date, line) for line in draft.lines)]
        totals = _summed((line.account_id, line) for _day, line in lines)
        if any(max(totals[line.account_id]) > LARGEST for line in draft.lines):
            raise Refusal("balance_overflow")

    def must_be_open(self, day: dt.date) -> None:
        """Refuse a day whose month or year is closed."""
        if {(day.year, None), (day.year, day.month)} & self.closed_periods:
            raise Refusal("period_closed")

    def edited(self, key: int, draft: Draft) -> None:
        """Put another draft in the place of one that awaits verification."""
        one = self.written[key]
        if one.status != PENDING:
            raise Refusal("transaction_verified" if one.status == VERIFIED else "transaction_closed")
        self.must_be_open(one.draft.date)
        self.may_stand(draft)
        if (draft.date, draft.lines) != (one.draft.date, one.draft.lines):
            del self.written[key]
            try:
                self.must_fit(draft)
            finally:
                self.written[key] = one
        one.draft = draft

    def toggled(self, key: int) -> None:
        """Verify, or withdraw the verification."""
        one = self.written[key]
        if one.status == CLOSED:
            raise Refusal("transaction_closed")
        self.must_be_open(one.draft.date)
        one.status = VERIFIED if one.status == PENDING else PENDING

    def closed(self, key: int) -> None:
        """Close what is verified, with the next number of its year."""
        one = self.written[key]
        if one.status != VERIFIED:
            raise Refusal("transaction_not_verified" if one.status == PENDING else "transaction_closed")
        self.must_be_open(one.draft.date)
        one.status, one.number = CLOSED, len(self.numbers(one.draft.date.year)) + 1

    def mirror_of(self, key: int, day: dt.date) -> Draft:
        """Return the lines that undo a closed transaction."""
        one = self.written[key]
        if one.status != CLOSED:
            raise Refusal("transaction_not_closed")
        if any(other.reverses == key for other in self.written.values()):
            raise Refusal("already_reversed")
        draft = Draft(day, "", tuple(line.mirrored() for line in one.draft.lines))
        if not all(line.account_id in self.active for line in draft.lines):
            raise Refusal("account_inactive")
        self.must_be_open(day)
        self.must_fit(draft)
        return draft

    def reversed(self, key: int, mirror_key: int, draft: Draft) -> None:
        """Write the mirror, closed with a number of its own."""
        number = len(self.numbers(draft.date.year)) + 1
        self.written[mirror_key] = Written(draft, CLOSED, number, reverses=key)

    def deleted(self, key: int) -> None:
        """Take out what is not closed."""
        one = self.written[key]
        if one.status == CLOSED:
            raise Refusal("transaction_closed")
        self.must_be_open(one.draft.date)
        del self.written[key]


def _summed(lines: Iterable[tuple[Any, Line]]) -> dict[Any, tuple[int, int]]:
    sums: dict[Any, tuple[int, int]] = {}
    for key, line in lines:
        debits, credits_ = sums.get(key, (0, 0))
        sums[key] = debits + line.debit, credits_ + line.credit
    return sums
