"""How events hang together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apps.audit.models import GENESIS_HASH, AuditEvent

_quoted = encode_basestring


class Head(NamedTuple):
    """The last event of a chain: its number in the chain and its hash."""

    seq: int = 0
    hash: str = GENESIS_HASH


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a chain is not what was written; `seq` is the event at which it shows."""

    chain: int
    seq: int
    code: str
    message: str


class Told(NamedTuple):
    """An event as a row of its table: the trail is read by the hundred thousand."""

    chain: int
    seq: int
    at: str
    user_id: int | None
    user_email: str
    action: str
    subject: str
    subject_id: str
    detail: str
    prev_hash: str
    hash: str


def digest(event: AuditEvent | Told, origin: int | None = None) -> str:
    """Return the SHA-256 of the previous hash and the event in canonical JSON: a compact list, in UTF-8.

    `origin` is the number of the chain in which it was written, where that is another. Written by hand,
    for json.dumps would make an encoder for each.
    """
    chain = event.chain if origin is None else origin
    user = "null" if event.user_id is None else event.user_id
    canonical = (
        f"[{_quoted(event.prev_hash)},{chain},{event.seq},{_quoted(event.at)},{user},"
        f"{_quoted(event.user_email)},{_quoted(event.action)},{_quoted(event.subject)},{_quoted(event.subject_id)},"
        f"{_quoted(event.detail)}]"
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def faults(
    chain: int, events: Iterable[AuditEvent | Told], head: Head | None, anchor: Head | None, origin: int | None = None
) -> Iterator[ChainFault]:
    """Yield what is wrong with a chain whose events come in order of `seq`.

    One wrong event is one fault, not one for each that follows. `head` is the stored one (None:
    lost); `anchor` one exported earlier and kept elsewhere, which tells a chain rewritten whole.
    """
    last = Head()
    for event in events:
        if fault := _link(event, last) or _content(event, origin) or _anchored(event, anchor):
            code, message = fault
            yield ChainFault(chain, event.seq, code, message)
        last = Head(event.seq, event.hash)
    if anchor is not None and anchor.seq > last.seq:
        yield ChainFault(chain, anchor.seq, "anchor_missing", _("The event that was noted earlier is gone."))
    if fault := _end(last, head):
        code, message = fault
        yield ChainFault(chain, last.seq, code, message)


def _link(event: AuditEvent | Told, last: Head) -> tuple[str, str] | None:
    figures: dict[str, Any] = {"seq": event.seq, "last": last.seq}
    if event.seq != last.seq + 1:
        return "event_missing", _("After event %(last)d comes %(seq)d: those between are gone.") % figures
    if event.prev_hash != last.hash:
        return "link_broken", _("Event %(seq)d does not follow from the one before it.") % figures
    return None


def _content(event: AuditEvent | Told, origin: int | None) -> tuple[str, str] | None:
    if digest(event, origin) == event.hash:
        return None
    return "event_changed", _("Event %(seq)d is not what was written.") % {"seq": event.seq}


def _anchored(event: AuditEvent | Told, anchor: Head | None) -> tuple[str, str] | None:
    if anchor is None or event.seq != anchor.seq or event.hash == anchor.hash:
        return None
    return "anchor_differs", _("Event %(seq)d is not the one that was noted earlier.") % {"seq": event.seq}


def _end(last: Head, head: Head | None) -> tuple[str, str] | None:
    if head is None:
        return ("head_missing", _("The head of the chain is gone.")) if last.seq else None
    if head.seq > last.seq:
        return "last_missing", _("The events after %(last)d, up to %(head)d, are gone.") % {
            "last": last.seq, "head": head.seq,
        }
    if head != last:
        return "head_differs", _("The head of the chain is not its last event (%(last)d).") % {"last": last.seq}
    return None
