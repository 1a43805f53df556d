"""An archive of a company, read and judged before anything of it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from apps.audit.chain import Head, faults
from apps.audit.models import AuditEvent
from apps.companies.models import CompanyKind
from apps.trans.verification.trail import Recorded, last_told
from apps.transfer.company import records
from apps.transfer.company.records import (
    AccountRecord,
    AttachmentRecord,
    BookRecord,
    EventRecord,
    Fields,
    PeriodRecord,
    TransactionRecord,
    UserRecord,
)
from apps.transfer.errors import TransferRefused
from ledger.entries import Line, content_digest
from services.daily import archive
from services.daily.archive import Damaged, Reader

T = TypeVar("T")

_LINE_BYTES_MAX = 64 << 20


@dataclass(frozen=True)
class Trail:
    """A trail as it was written, under the number that it was written under."""

    chain: int
    head: Head
    events: tuple[EventRecord, ...]


@dataclass(frozen=True)
class Contents:
    """All that an archive holds; `trails` has the company's own first, then those it had brought along."""

    name: str
    kind: str
    made_at: str
    users: tuple[UserRecord, ...]
    accounts: tuple[AccountRecord, ...]
    periods: tuple[PeriodRecord, ...]
    transactions: tuple[TransactionRecord, ...]
    books: tuple[BookRecord, ...]
    attachments: tuple[AttachmentRecord, ...]
    trails: tuple[Trail, ...]


@contextmanager
def opened(path: Path) -> Iterator[tuple[Contents, Callable[[AttachmentRecord], bytes]]]:
    """Read an archive and hold it against its manifest and its own trail; yield it, and what reads a document of it.

    Raises TransferRefused.
    """
    with _naming_damage(), archive.reading(path, kind=records.KIND) as reader:
        yield _read(reader), lambda paper: _paper(reader, paper)


def _read(reader: Reader) -> Contents:
    if reader.manifest.format > records.FORMAT:
        text = _("The archive was made by a newer Mosaite (%(version)s): install that one first.")
        raise TransferRefused(text % {"version": reader.manifest.facts.get("version")})
    contents = _contents(reader)
    _must_be_complete(contents, reader.manifest.facts)
    _must_be_as_told(contents)
    return contents


def _paper(reader: Reader, paper: AttachmentRecord) -> bytes:
    file = reader.manifest.named(records.PAPER.format(paper.id))
    if file.size > settings.ATTACHMENT_BYTES_MAX:
        raise Damaged(file.name)
    return b"".join(reader.pieces(file))


@contextmanager
def _naming_damage() -> Iterator[None]:
    """Refuse, with the reason, what cannot be read or is not what it should be."""
    try:
        yield
    except FileNotFoundError as error:
        raise TransferRefused(f"{error.filename}: {error.strerror}.") from error
    except (Damaged, ValueError, TypeError, KeyError, OverflowError) as error:
        raise TransferRefused(_("The archive is damaged (%(why)s).") % {"why": error}) from error


def _contents(reader: Reader) -> Contents:
    facts = reader.manifest.facts
    company = Fields(facts["company"])
    trails = [Fields(trail) for trail in Fields(facts).listed("trails")]
    return Contents(
        name=company.text("name", 120, blank=False),
        kind=CompanyKind(company.text("kind", 8)),
        made_at=str(facts.get("made_at")),
        users=_rows(reader, records.USERS, UserRecord.read),
        accounts=_rows(reader, records.ACCOUNTS, AccountRecord.read),
        periods=_rows(reader, records.PERIODS, PeriodRecord.read),
        transactions=_rows(reader, records.TRANSACTIONS, TransactionRecord.read),
        books=_rows(reader, records.BOOKS, BookRecord.read),
        attachments=_rows(reader, records.ATTACHMENTS, AttachmentRecord.read),
        trails=tuple(_trail(reader, trail) for trail in trails),
    )


def _trail(reader: Reader, told: Fields) -> Trail:
    head = Head(told.whole("seq"), told.text("hash", 64))
    return Trail(told.whole("chain", least=1), head, _rows(reader, told.text("file", 40), EventRecord.read))


def _rows(reader: Reader, name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    return tuple(read(json.loads(line)) for line in _lines(reader.pieces(reader.manifest.named(name))))


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    kept = b""
    for piece in pieces:
        *whole, kept = (kept + piece).split(b"\n")
        if len(kept) > _LINE_BYTES_MAX:
            raise ValueError("a line without an end")
        yield from whole
    if kept:
        raise ValueError("the last line is cut")


def _must_be_complete(contents: Contents, facts: Any) -> None:
    """Hold what was read against what the manifest counts."""
    found = {
        "accounts": len(contents.accounts), "transactions": len(contents.transactions),
        "entries": sum(len(one.lines) for one in contents.transactions), "books": len(contents.books),
        "attachments": len(contents.attachments),
    }
    total = sum(line[1] for one in contents.transactions for line in one.lines)
    if found != facts["counts"] or total != facts["total"]:
        raise ValueError(f"{found} {total}")


def _must_be_as_told(contents: Contents) -> None:
    """Hold the trails against their hashes, and the transactions against what the trail last said of each."""
    for trail in contents.trails:
        fault = next(faults(trail.chain, map(_event, trail.events), trail.head, None, trail.chain), None)
        if fault is not None:
            raise TransferRefused(_("The audit trail of the archive is not what was written: %(why)s")
                                  % {"why": fault.message})
    own = contents.trails[0].events if contents.trails else ()
    told = last_told((0, event.action, event.subject_id, event.detail) for event in own).get(0, {})
    standing = {one.id: _recorded(one) for one in contents.transactions}
    if told != standing:
        wrong = next(key for key in sorted(told.keys() | standing.keys()) if told.get(key) != standing.get(key))
        raise TransferRefused(_("Transaction %(key)d of the archive is not what its audit trail recorded.")
                              % {"key": wrong})


def _event(record: EventRecord) -> AuditEvent:
    return AuditEvent(**{name: getattr(record, name) for name in EventRecord.__slots__})


def _recorded(one: TransactionRecord) -> Recorded:
    digest = content_digest(one.date, one.legend, (Line(*line) for line in one.lines))
    return Recorded(digest, one.number, one.reverses)
