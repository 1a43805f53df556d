"""The books against the audit trail, which keeps a digest of each transaction's content.

Whoever changes a line and every figure that follows from it, so that all adds up, is found here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Q

from apps.audit.models import SYSTEM_CHAIN, AuditEvent
from apps.audit.queries import chains, earlier_chains, owner_of, verify_chain
from apps.trans.models import Entry, Transaction
from apps.trans.verification.findings import Finding
from apps.trans.verification.lines import is_date
from apps.trans.verification.scope import Scope, day_text
from ledger.entries import row_digest

CHUNK = 10_000
# Other rooms tell of a transaction, too: of its documents, which have digests of their own.
_ABOUT_CONTENT = "transaction."
# In canonical JSON a quotation mark within a text has a backslash before it: nothing else looks like this.
_OF_CONTENT = '"sha256":"'


def chains_are_whole(scope: Scope) -> Iterator[Finding]:
    """Each event follows from the one before it, up to the head."""
    own = scope.company
    for chain in chains() if own is None else [own.pk, *earlier_chains(own.pk)]:
        for fault in verify_chain(chain):
            yield Finding(f"chain_{fault.code}", owner_of(chain), str(fault.seq), found=fault.message)


class Recorded(NamedTuple):
    """What the trail last said of a transaction."""

    digest: str
    number: int | None
    reverses: int | None


def contents_are_as_recorded(scope: Scope) -> Iterator[Finding]:
    """Each transaction is what was last recorded of it, and each one recorded is there."""
    recorded = _recorded(scope)
    for company_id, key, number, reverses, digest in _standing(scope):
        subject, told = str(key), recorded.get(company_id, {}).pop(key, None)
        if told is None:
            yield Finding("content_unrecorded", company_id, subject)
            continue
        if digest is not None and digest != told.digest:
            yield Finding("content_changed", company_id, subject, told.digest, digest)
        if number != told.number:
            yield Finding("number_changed", company_id, subject, told.number, number)
        if reverses != told.reverses:
            yield Finding("reversal_changed", company_id, subject, told.reverses, reverses)
    for company_id, left in recorded.items():
        for key in left:
            yield Finding("content_missing", company_id, str(key))


def _recorded(scope: Scope) -> dict[int, dict[int, Recorded]]:
    """Return by company what the trail last said of each transaction that was not deleted since."""
    about_content = Q(subject="transaction", action__startswith=_ABOUT_CONTENT) & ~Q(detail="{}")
    events = AuditEvent.objects.filter(about_content | Q(action="books.erased"))
    events = events.filter(chain__gt=SYSTEM_CHAIN) if scope.company is None else events.filter(chain=scope.company.pk)
    rows = events.order_by("event_id").values_list("chain", "action", "subject_id", "detail")
    return last_told(rows.iterator(chunk_size=CHUNK))


def last_told(events: Iterable[tuple[int, str, str, str]]) -> dict[int, dict[int, Recorded]]:
    """Return, by chain, what events (chain, action, subject_id, detail) about transactions last say of each."""
    last: dict[int, dict[str, str]] = {}
    for chain, action, subject_id, detail in events:
        own = last.setdefault(chain, {})
        if action == "books.erased":
            own.clear()
        elif action == "transaction.deleted":
            own.pop(subject_id, None)
        elif action.startswith(_ABOUT_CONTENT) and _OF_CONTENT in detail:
            own[subject_id] = detail
    # Read at the end: of what was posted, edited and closed, the last alone counts.
    return {chain: {int(key): _recorded_in(detail) for key, detail in own.items()} for chain, own in last.items()}


def _recorded_in(detail: str) -> Recorded:
    told = json.loads(detail)
    return Recorded(told["sha256"], told.get("number"), told.get("reverses"))


def _standing(scope: Scope) -> Iterator[tuple[int, int, int | None, int | None, str | None]]:
    """Return company, key, number, original and digest of each transaction (None where its date is no date)."""
    headers = scope.of(Transaction.objects).annotate(day=day_text()).order_by("pk")
    fields = ("company_id", "pk", "number", "reverses_id", "day", "legend")
    lines = _Lines(scope)
    for company_id, key, number, reverses, day, legend in headers.values_list(*fields).iterator(chunk_size=CHUNK):
        own = lines.of(key)
        digest = row_digest(day, legend, own) if is_date(day) else None
        yield company_id, key, number, reverses, digest


class _Lines:
    """The lines in scope, read once in the order of their transactions."""

    def __init__(self, scope: Scope) -> None:
        rows = scope.of(Entry.objects, "transaction__company").order_by("transaction_id", "pk")
        fields = ("transaction_id", "account_id", "debit", "credit")
        self._groups = groupby(rows.values_list(*fields).iterator(chunk_size=CHUNK), key=itemgetter(0))
        self._group = next(self._groups, None)

    def of(self, key: int) -> list[tuple[int, int, int]]:
        """Return the lines of a transaction; to be asked in ascending order."""
        while self._group is not None and self._group[0] < key:
            self._group = next(self._groups, None)
        if self._group is None or self._group[0] != key:
            return []
        return [row[1:] for row in self._group[1]]
