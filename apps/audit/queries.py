"""Reading the trail and judging it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet

from apps.audit.chain import ChainFault, Head, Told, faults
from apps.audit.models import SYSTEM_CHAIN, AuditChain, AuditEvent
from apps.common.db import snapshot

FAULTS_MAX = 100
CHUNK_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Verification:
    """What recomputing a chain found: its head, and its first faults, at most FAULTS_MAX."""

    head: Head
    faults: list[ChainFault]

    @property
    def valid(self) -> bool:
        """Whether the chain is what was written."""
        return not self.faults


def events_of(chain: int) -> QuerySet[AuditEvent]:
    """Return a chain's events, the newest first."""
    return AuditEvent.objects.filter(chain=chain).order_by("-seq")


def counted_events_of(chain: int) -> QuerySet[AuditEvent]:
    """Return `events_of`, counted by the last number given: the cost does not grow with the trail."""
    events = events_of(chain)
    events.known_count = events.values_list("seq", flat=True).first() or 0  # type: ignore[attr-defined]
    return events


def chains() -> list[int]:
    """Return every chain that has a head or an event."""
    heads = AuditChain.objects.values_list("chain", flat=True)
    events = AuditEvent.objects.order_by().values_list("chain", flat=True)
    return sorted(heads.union(events))


def earlier_chains(company_id: int) -> list[int]:
    """Return the chains that a company brought along from elsewhere, the one brought last first."""
    return list(AuditChain.objects.filter(company_id=company_id).order_by("chain").values_list("chain", flat=True))


def owner_of(chain: int) -> int | None:
    """Return the company that a chain is of; None for the system's."""
    if chain >= SYSTEM_CHAIN:
        return chain or None
    return AuditChain.objects.filter(chain=chain).values_list("company_id", flat=True).first()


def head_of(chain: int) -> Head:
    """Return the head of a chain; an empty one's before its first event."""
    return _stored(chain)[0] or Head()


def verify_chain(chain: int) -> list[ChainFault]:
    """Recompute a chain and return its first faults; see `verification`."""
    return verification(chain).faults


def verification(chain: int, *, anchor: Head | None = None) -> Verification:
    """Recompute a chain, against a head noted earlier too; see `chain.faults`.

    Reads one state of the books in chunks: memory does not grow with the trail.
    """
    with snapshot():
        head, origin = _stored(chain)
        rows = events_of(chain).reverse().values_list(*Told._fields).iterator(chunk_size=CHUNK_ROWS)
        events = map(Told._make, rows)
        found = list(islice(faults(chain, events, head, anchor, origin), FAULTS_MAX))
    return Verification(head or Head(), found)


def _stored(chain: int) -> tuple[Head | None, int | None]:
    """Return the head of a chain, and the number under which it was written elsewhere."""
    row = AuditChain.objects.filter(chain=chain).values_list("seq", "hash", "origin").first()
    return (Head(row[0], row[1]), row[2]) if row else (None, None)
