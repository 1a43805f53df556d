"""The libro diario: its content, the digest of that, and its pages.

The content is canonical JSON, kept as it was when the book was made: an account that is renamed
later changes neither the digest nor the pages.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.daily.typesetting import page_count, together, typeset

# Up to here the pages are one document, tagged; above, parts of it put together.
ONE_DOCUMENT_LINES = 2_000
# Of a part: lines, and two more for the head and the legend of each asiento.
PART_ROWS = 1_200
_HEAD_ROWS = 2
_DOCUMENT = "libro_diario"

Tell = Callable[[int, int], None]
Money = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it is printed; amounts in centavos."""

    code: str
    name: str
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class Asiento:
    """A numbered transaction as it is printed."""

    number: int
    date: dt.date
    legend: str
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A libro diario: closed transactions in the order of their numbers."""

    company: str
    name: str
    date_from: dt.date
    date_to: dt.date
    asientos: tuple[Asiento, ...]

    @property
    def lines_count(self) -> int:
        """How many lines it has."""
        return sum(len(asiento.lines) for asiento in self.asientos)


def canonical(book: Book) -> bytes:
    """Return the content: compact JSON in UTF-8.

    `[company, name, date_from, date_to, [[number, date, legend, [[code, name, debe, haber], ...]], ...]]`,
    dates ISO, amounts in centavos.
    """
    asientos = [
        [
            asiento.number, asiento.date.isoformat(), asiento.legend,
            [[line.code, line.name, line.debit, line.credit] for line in asiento.lines],
        ]
        for asiento in book.asientos
    ]
    rows = [book.company, book.name, book.date_from.isoformat(), book.date_to.isoformat(), asientos]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def book_of(content: bytes) -> Book:
    """Return the book that a canonical content says."""
    company, name, date_from, date_to, rows = json.loads(content)
    asientos = tuple(
        Asiento(number, dt.date.fromisoformat(day), legend, tuple(PrintedLine(*line) for line in lines))
        for number, day, legend, lines in rows
    )
    return Book(company, name, dt.date.fromisoformat(date_from), dt.date.fromisoformat(date_to), asientos)


def render(
    content: bytes, words: Mapping[str, str], money: Money, tell: Tell = lambda _done, _all: None
) -> bytes:
    """Return the PDF of a content; the same content and words give the same bytes.

    `words` are the texts of the page by the names in `WORDS`, `money` writes centavos. `tell` is
    called with the lines done and all of them. Raises TypesettingFailed.
    """
    book = book_of(content)
    every = book.lines_count
    if every <= ONE_DOCUMENT_LINES:
        pages = typeset(_DOCUMENT, _data(book, digest(content), words, money))
        tell(every, every)
        return pages
    return together(_parts(book, digest(content), words, money, tell))


WORDS = (
    "title", "period", "folio", "asiento", "continued", "account", "debit", "credit", "brought", "carried", "totals",
    "count", "digest",
)


def _parts(
    book: Book, sha256: str, words: Mapping[str, str], money: Money, tell: Tell
) -> Iterator[bytes]:
    """Yield the documents of the parts, each going on from the folio and the sums of the one before."""
    parts = list(_cut(book.asientos, words["continued"]))
    folio, debit, credit, done = 1, 0, 0, 0
    for number, asientos in enumerate(parts, start=1):
        part = replace(book, asientos=asientos)
        data = _data(
            part, sha256, words, money, folio=folio, before=(debit, credit), last=number == len(parts), whole=book
        )
        pages = typeset(_DOCUMENT, data, tagged=False)
        yield pages
        folio += page_count(pages)
        debit, credit = _sums(asientos, (debit, credit))
        done += part.lines_count
        tell(done, book.lines_count)


def _cut(asientos: Iterable[Asiento], continued: str) -> Iterator[tuple[Asiento, ...]]:
    """Yield parts of at most PART_ROWS; an asiento that is longer than one goes on in the next."""
    part: list[Asiento] = []
    size = 0
    for asiento in asientos:
        if part and size + len(asiento.lines) + _HEAD_ROWS > PART_ROWS:
            yield tuple(part)
            part, size = [], 0
        pieces = [asiento.lines[at : at + PART_ROWS] for at in range(0, len(asiento.lines), PART_ROWS)]
        for number, lines in enumerate(pieces, start=1):
            last = number == len(pieces)
            part.append(replace(asiento, lines=lines, legend=asiento.legend if last else continued))
            size += len(lines) + _HEAD_ROWS
            if not last:
                yield tuple(part)
                part, size = [], 0
    if part:
        yield tuple(part)


def _sums(asientos: Iterable[Asiento], before: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    debit, credit = before
    for asiento in asientos:
        debit += sum(line.debit for line in asiento.lines)
        credit += sum(line.credit for line in asiento.lines)
    return debit, credit


def _data(
    book: Book,
    sha256: str,
    words: Mapping[str, str],
    money: Money,
    *,
    folio: int = 1,
    before: tuple[int, int] = (0, 0),
    last: bool = True,
    whole: Book | None = None,
) -> dict[str, Any]:
    """Return what the document is given."""
    every = whole or book
    totals = [money(amount) for amount in _sums(every.asientos)] if last else []
    numbers = {"count": len(every.asientos), "lines": every.lines_count}
    return {
        "company": book.company,
        "title": words["title"],
        "name": book.name,
        "period": words["period"] % {"from": _day(book.date_from), "to": _day(book.date_to)},
        "folio": folio,
        "carried": [money(amount) for amount in before] if any(before) else [],
        "last": last,
        "totals": totals,
        "notes": [words["count"] % numbers, f"{words['digest']}: {sha256}"] if last else [],
        "sha256": sha256,
        "labels": {name: words[name] for name in WORDS},
        "asientos": list(_printed(book.asientos, before, words["asiento"], money)),
    }


def _printed(
    asientos: Sequence[Asiento], before: tuple[int, int], head: str, money: Money
) -> Iterator[dict[str, Any]]:
    debit, credit = before
    for asiento in asientos:
        lines = []
        for line in asiento.lines:
            debit, credit = debit + line.debit, credit + line.credit
            lines.append({
                "code": line.code, "name": line.name,
                "debit": money(line.debit) if line.debit else "", "credit": money(line.credit) if line.credit else "",
                "running": [money(debit), money(credit)],
            })
        yield {
            "head": head % {"number": asiento.number, "date": _day(asiento.date)}, "legend": asiento.legend,
            "lines": lines,
        }


def _day(day: dt.date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
