"""What a double entry is made of, before it is anywhere."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from json.encoder import encode_basestring


@dataclass(frozen=True, slots=True)
class Line:
    """An amount in centavos on one side of an account."""

    account_id: int
    debit: int = 0
    credit: int = 0

    def mirrored(self) -> Line:
        """Return the line with its sides swapped."""
        return Line(self.account_id, debit=self.credit, credit=self.debit)


@dataclass(frozen=True, slots=True)
class Draft:
    """A transaction as someone proposes it; `rules.check` says whether it may stand."""

    date: dt.date
    legend: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """The debits in centavos, which equal the credits once the rules hold."""
        return sum(line.debit for line in self.lines)


def content_digest(date: dt.date, legend: str, lines: Iterable[Line]) -> str:
    """Return the SHA-256 of a transaction's content, in hexadecimal.

    Canonical form: compact JSON of [ISO date, legend, [[account, debit, credit], ...]], the lines in
    their order. The audit trail keeps it, so that a change behind the system's back shows.
    """
    return row_digest(date.isoformat(), legend, [(line.account_id, line.debit, line.credit) for line in lines])


def row_digest(day: str, legend: str, rows: Iterable[tuple[int, int, int]]) -> str:
    """Return the same of rows (account, debit, credit) and a day as text.

    Written by hand, for json.dumps would make an encoder for each: a verification asks for all of them.
    """
    written = ",".join([f"[{account},{debit},{credit}]" for account, debit, credit in rows])
    canonical = f'["{day}",{encode_basestring(legend)},[{written}]]'
    return hashlib.sha256(canonical.encode()).hexdigest()
