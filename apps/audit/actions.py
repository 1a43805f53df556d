"""Writing the trail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Protocol

from django.utils import timezone

from apps.audit.chain import digest
from apps.audit.models import SYSTEM_CHAIN, AuditChain, AuditEvent
from apps.common.db import lock_row
from apps.common.rows import insert_rows

_FIELDS = (
    "chain", "seq", "at", "user_id", "user_email", "action", "subject", "subject_id", "detail", "prev_hash", "hash",
)
_values = attrgetter(*_FIELDS)


# What an event says, in the order in which an exported trail has it.
TOLD = _FIELDS[1:]


class Actor(Protocol):
    """Who did it."""

    pk: Any
    email: str


def record(
    action: str,
    *,
    acting_user: Actor | None,
    company_id: int | None,
    subject: str,
    subject_id: object,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append one event to the company's chain (or the system's); call last in a unit of work.

    Locks the chain's head until the unit ends, so it comes after every other lock.
    """
    return record_many([(action, subject, subject_id, detail or {})], acting_user=acting_user, company_id=company_id)[0]


def record_many(
    happenings: Sequence[tuple[str, str, object, Mapping[str, Any]]],
    *,
    acting_user: Actor | None,
    company_id: int | None,
) -> list[AuditEvent]:
    """Append several events, each `(action, subject, subject_id, detail)`, in order; like `record`.

    Returns them as they were written, without their keys.
    """
    chain = SYSTEM_CHAIN if company_id is None else company_id
    heads = lock_row(AuditChain.objects.filter(chain=chain))
    if not (found := list(heads)):
        AuditChain.objects.get_or_create(chain=chain)
        found = list(heads.all())
    head = found[0]
    at = timezone.localtime().isoformat(timespec="milliseconds")
    events = []
    for action, subject, subject_id, detail in happenings:
        head.seq += 1
        event = AuditEvent(
            chain=chain, seq=head.seq, at=at,
            user_id=acting_user.pk if acting_user else None,
            user_email=acting_user.email if acting_user else "",
            action=action, subject=subject, subject_id=str(subject_id),
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str),
            prev_hash=head.hash,
        )
        event.hash = head.hash = digest(event)
        events.append(event)
    insert_rows(AuditEvent, _FIELDS, map(_values, events))  # the guards move the head along
    return events


def keep_earlier(events: Iterable[Sequence[Any]], *, origin: int, company_id: int) -> int:
    """Keep a trail that was written elsewhere as chain `origin`, as it is; return the number of its chain here.

    `events` are in order, each with the values of TOLD. The guards refuse a broken one (chain_broken);
    whether each is what was written, `verify_chain` tells.
    """
    lowest = AuditChain.objects.order_by("chain").values_list("chain", flat=True).first() or 0
    chain = min(lowest, SYSTEM_CHAIN) - 1
    AuditChain.objects.create(chain=chain, origin=origin, company_id=company_id)
    insert_rows(AuditEvent, _FIELDS, ((chain, *event) for event in events))
    return chain
