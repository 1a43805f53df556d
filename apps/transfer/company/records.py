"""What the lines of an archive hold: one JSON object each, in files by kind."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from ledger.money import MINOR_MAX

KIND = "mosaite-company"
FORMAT = 1
USERS, ACCOUNTS, PERIODS = "users.jsonl", "accounts.jsonl", "periods.jsonl"
TRANSACTIONS, BOOKS, TRAIL = "transactions.jsonl", "books.jsonl", "trail.jsonl"
ATTACHMENTS = "attachments.jsonl"
PAPER = "attachments/{}"  # the bytes of one, by its key
EARLIER = "earlier-{}.jsonl"

_KEY_MAX = 2**63 - 1


def _wrong(name: str, value: Any) -> ValueError:
    return ValueError(f"{name}: {value!r:.60}")


class Fields:
    """Reads an object field by field; ValueError names what is not as it must be."""

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, dict):
            raise _wrong("object", raw)
        self._raw: Mapping[str, Any] = raw

    def text(self, name: str, maximum: int, *, blank: bool = True) -> str:
        """Return a text."""
        value = self._raw.get(name)
        if not isinstance(value, str) or len(value) > maximum or "\0" in value or not (value or blank):
            raise _wrong(name, value)
        return value

    def whole(self, name: str, *, least: int = 0, most: int = _KEY_MAX) -> int:
        """Return a whole number."""
        value = self._raw.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _wrong(name, value)
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self._raw.get(name)
        if not isinstance(value, bool):
            raise _wrong(name, value)
        return value

    def day(self, name: str) -> dt.date:
        """Return a date."""
        return dt.date.fromisoformat(self.text(name, 10))

    def moment(self, name: str) -> dt.datetime:
        """Return a time with its zone."""
        found = dt.datetime.fromisoformat(self.text(name, 40))
        if found.tzinfo is None:
            raise _wrong(name, found)
        return found

    def listed(self, name: str) -> list[Any]:
        """Return a list."""
        value = self._raw.get(name)
        if not isinstance(value, list):
            raise _wrong(name, value)
        return value

    def perhaps(self, name: str, read: Callable[..., Any], *args: Any, **how: Any) -> Any:
        """Return None for null, else what `read` does."""
        return None if self._raw.get(name) is None else read(name, *args, **how)


@dataclass(frozen=True, slots=True)
class UserRecord:
    """Somebody of the company, or who recorded something in it; no password."""

    id: int
    email: str
    name: str
    group: str
    rol: int
    status: int

    @classmethod
    def read(cls, raw: Any) -> Self:
        """Return the record of an object; ValueError."""
        own = Fields(raw)
        return cls(
            own.whole("id"), own.text("email", 254, blank=False), own.text("name", 120), own.text("group", 60),
            own.whole("rol", most=4), own.whole("status", most=1),
        )


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account or heading."""

    id: int
    code: str
    name: str
    kind: str
    nature: bool
    liquidity: str
    monetary: bool
    postable: bool
    parent: str | None
    status: bool

    @classmethod
    def read(cls, raw: Any) -> Self:
        """Return the record of an object; ValueError."""
        own = Fields(raw)
        return cls(
            own.whole("id"), own.text("code", 30, blank=False), own.text("name", 120), own.text("kind", 10),
            own.flag("nature"), own.text("liquidity", 12), own.flag("monetary"), own.flag("postable"),
            own.perhaps("parent", own.text, 30), own.flag("status"),
        )


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """A fiscal year (`month` None) or month."""

    year: int
    month: int | None
    status: str

    @classmethod
    def read(cls, raw: Any) -> Self:
        """Return the record of an object; ValueError."""
        own = Fields(raw)
        month = own.perhaps("month", own.whole, least=1, most=12)
        return cls(own.whole("year", least=1900, most=9999), month, own.text("status", 6))


@dataclass(frozen=True, slots=True)
class TransactionRecord:
    """A transaction; its lines are (account, debit, credit) in centavos, in order."""

    id: int
    user: int
    date: dt.date
    legend: str
    status: int
    kind: str
    number: int | None
    version: int
    reverses: int | None
    created_at: dt.datetime
    updated_at: dt.datetime
    lines: tuple[tuple[int, int, int], ...]

    @classmethod
    def read(cls, raw: Any) -> Self:
        """Return the record of an object; ValueError."""
        own = Fields(raw)
        return cls(
            own.whole("id"), own.whole("user"), own.day("date"), own.text("legend", 500), own.whole("status", most=2),
            own.text("kind", 10), own.perhaps("number", own.whole, least=1), own.whole("version", least=1),
            own.perhaps("reverses", own.whole), own.moment("created_at"), own.moment("updated_at"),
            tuple(_line(line) for line in own.listed("lines")),
        )


def _line(raw: Any) -> tuple[int, int, int]:
    if not isinstance(raw, list) or len(raw) != 3 or not all(type(part) is int for part in raw):
        raise _wrong("lines", raw)
    account, debit, credit = raw
    if not (0 <= debit <= MINOR_MAX and 0 <= credit <= MINOR_MAX):
        raise _wrong("lines", raw)
    return account, debit, credit


@dataclass(frozen=True, slots=True)
class BookRecord:
    """A daily book with its content; `transactions` are those of a book that stands."""

    name: str
    date_from: dt.date
    date_to: dt.date
    user: int | None
    group: str
    created_by: int
    created_at: dt.datetime
    entries_count: int
    lines_count: int
    total: int
    sha256: str
    status: str
    content: str
    transactions: tuple[int, ...]

    @classmethod
    def read(cls, raw: Any) -> Self:
        """Return the record of an object; ValueError."""
        own = Fields(raw)
        return cls(
            own.text("name", 120), own.day("date_from"), own.day("date_to"), own.perhaps("user", own.whole),
            own.text("group", 60), own.whole("created_by"), own.moment("created_at"),
            own.whole("entries_count", least=1), own.whole("lines_count", least=1), own.whole("total"),
            own.text("sha256", 64), own.text("status", 9), own.text("content", 1 << 30),
            tuple(Fields({"key": key}).whole("key") for key in own.listed("transactions")),
        )


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    """A document of a transaction; its bytes are a file of their own (PAPER)."""

    id: int
    transaction: int
    user: int
    name: str
    created_at: dt.datetime

    @classmethod
    def read(cls, raw: Any) -> Self:
        """Return the record of an object; ValueError."""
        own = Fields(raw)
        return cls(
            own.whole("id"), own.whole("transaction"), own.whole("user"), own.text("name", 150),
            own.moment("created_at"),
        )


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of a trail, exactly as it was written: `detail` is the text that was hashed."""

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

    @classmethod
    def read(cls, raw: Any) -> Self:
        """Return the record of an object; ValueError."""
        own = Fields(raw)
        return cls(
            own.whole("seq", least=1), own.text("at", 32), own.perhaps("user_id", own.whole),
            own.text("user_email", 254), own.text("action", 60), own.text("subject", 40), own.text("subject_id", 40),
            own.text("detail", 1 << 24), own.text("prev_hash", 64), own.text("hash", 64),
        )


Record = (
    UserRecord | AccountRecord | PeriodRecord | TransactionRecord | BookRecord | AttachmentRecord | EventRecord
)


def line_of(record: Record) -> bytes:
    """Return a record as a line of its file."""
    text = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"), default=_plain)
    return f"{text}\n".encode("utf-8", "surrogatepass")


def _plain(value: Any) -> str:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    raise TypeError(repr(value))
