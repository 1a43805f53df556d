"""Writing down what stood in other books: with its state, its number and its times."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from apps.common.db import unit_of_work
from apps.common.rows import moment_value
from apps.common.text import fold
from apps.companies.models import Company
from apps.trans.actions.rows import accounts_in, insert_lines, lock_accounts, locked_counters, seal
from apps.trans.models import NumberCounter, Transaction, TransactionKind, TransactionStatus
from ledger.entries import Draft

_BATCH = 2_000
_SETTLE = (
    "UPDATE transactions SET status = %s, number = %s, fiscal_year = %s, version = %s, created_at = %s, updated_at = %s"
    " WHERE trans_id = %s"
)


@dataclass(frozen=True, slots=True)
class Past:
    """A transaction of other books.

    A closed one may state its `number`; None takes the next of its year. A reversal is closed;
    `reverses` is the place of its original in the same sequence.
    """

    draft: Draft
    user_id: int
    status: TransactionStatus
    created_at: dt.datetime
    updated_at: dt.datetime
    kind: str = TransactionKind.STANDARD
    version: int = 1
    number: int | None = None
    reverses: int | None = None


class NumbersBroken(Exception):
    """The numbers stated are not those that closing one after the other gives; the text names one."""


@unit_of_work
def record_past(pasts: Sequence[Past], *, company: Company) -> list[Transaction]:
    """Record what stood elsewhere; return it in the same order.

    The guards judge it like anything else that is posted: the caller has checked the drafts (accounts,
    open periods), and tells the trail. Raises NumbersBroken.
    """
    return _Recording(pasts, company).run()


class _Recording:
    """One run of `record_past`: what is made so far, by its place in the sequence."""

    def __init__(self, pasts: Sequence[Past], company: Company) -> None:
        self._pasts = pasts
        self._company = company
        self._made: dict[int, Transaction] = {}

    def run(self) -> list[Transaction]:
        """Insert all but the reversals, then close in order: a reversal's original is closed before it comes."""
        plain = [place for place, past in enumerate(self._pasts) if past.reverses is None]
        for start in range(0, len(plain), _BATCH):
            self._insert(plain[start : start + _BATCH])
        order = _closing_order(self._pasts)
        self._counters = locked_counters({self._pasts[place].draft.date.year for place in order}, self._company)
        waiting = [place for place in plain if self._pasts[place].status != TransactionStatus.CLOSED]
        for place in order:
            if self._pasts[place].reverses is not None:
                self._settle(waiting)
                waiting = []
                self._insert([place])
            waiting.append(place)
        self._settle(waiting)
        NumberCounter.objects.bulk_update(self._counters.values(), ["last"])
        return [self._made[place] for place in range(len(self._pasts))]

    def _insert(self, places: Sequence[int]) -> None:
        pasts = [self._pasts[place] for place in places]
        headers = Transaction.objects.bulk_create(self._header(past) for past in pasts)
        drafts = [past.draft for past in pasts]
        insert_lines(zip(headers, drafts, strict=True))
        lock_accounts(accounts_in(drafts))
        seal(headers)
        self._made.update(zip(places, headers, strict=True))

    def _header(self, past: Past) -> Transaction:
        """Return a header; what will be closed is verified until then."""
        return Transaction(
            company=self._company, user_id=past.user_id, date=past.draft.date, legend=past.draft.legend,
            search_text=fold(past.draft.legend), total=past.draft.total, entries_count=len(past.draft.lines),
            status=min(past.status, TransactionStatus.VERIFIED), kind=past.kind,
            reverses=None if past.reverses is None else self._made[past.reverses],
        )

    def _settle(self, places: Sequence[int]) -> None:
        """Give each its state, number and times."""
        rows = []
        for place in places:
            past, made = self._pasts[place], self._made[place]
            made.status, made.version = past.status, past.version
            made.created_at, made.updated_at = past.created_at, past.updated_at
            if past.status == TransactionStatus.CLOSED:
                made.number, made.fiscal_year = self._next_number(past), past.draft.date.year
            rows.append((made.status, made.number, made.fiscal_year, made.version, moment_value(past.created_at),
                         moment_value(past.updated_at), made.pk))
        with connection.cursor() as cursor:
            cursor.executemany(_SETTLE, rows)

    def _next_number(self, past: Past) -> int:
        counter = self._counters[past.draft.date.year]
        counter.last += 1
        if past.number not in {None, counter.last}:
            raise NumbersBroken(f"{counter.fiscal_year}: {past.number}")
        return counter.last


def _closing_order(pasts: Sequence[Past]) -> list[int]:
    """Return the places of the closed ones, each year by its numbers, each reversal after its original."""
    queues: defaultdict[int, deque[int]] = defaultdict(deque)
    closed = [place for place, past in enumerate(pasts) if past.status == TransactionStatus.CLOSED]
    for place in sorted(closed, key=lambda place: pasts[place].number or 0):
        queues[pasts[place].draft.date.year].append(place)
    order: dict[int, None] = {}
    while len(order) < len(closed):
        before = len(order)
        for queue in queues.values():
            while queue and (pasts[queue[0]].reverses is None or pasts[queue[0]].reverses in order):
                order[queue.popleft()] = None
        if len(order) == before:
            raise NumbersBroken(", ".join(str(pasts[queue[0]].number) for queue in queues.values() if queue))
    return list(order)
