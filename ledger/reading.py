"""Amounts and dates as people and machines write them in files.

Nothing is guessed: what can be read in two ways is refused, with a code that says why.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from decimal import Decimal

from ledger.money import MINOR_MAX, MINOR_PER_UNIT

TEXT_MAX = 60
# A float keeps 15 digits: above this its centavos are no longer what someone typed.
FLOAT_MAX = 10**13
_NOISE_MINOR = Decimal("0.0001")  # what sums such as 0.1 + 0.2 leave behind in a spreadsheet

_AMOUNT = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?:AR\$|ARS|\$)?\s*(?P<inner>[-−])?\s*"
    r"(?P<body>[0-9][0-9., ]*|[.,][0-9]+)\s*(?P<behind>[-−])?\s*(?(open)\))",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3})+")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})([/.-])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00(\.0+)?)?\Z")


class Unreadable(ValueError):
    """A text is not what it should be; `code` says in which way."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_amount(text: str, mark: str | None = None) -> int:
    """Return centavos, negative with a minus sign or in parentheses.

    Reads 1.234,56 and $ 1.234,56 and 1234,5 as well as 1234.56 and 1,234.56. One mark before exactly
    three digits (1.234) may be either: `mark`, the column's decimal mark (see `decimal_mark`), decides.
    Raises Unreadable: amount_unreadable, amount_ambiguous (no `mark` to decide), amount_fraction (of a
    centavo), amount_too_large.
    """
    negative, body = _split_sign(text)
    units, decimals = _split_decimals(body, mark)
    decimals = decimals.rstrip("0") if len(decimals) > 2 else decimals
    if len(decimals) > 2:
        raise Unreadable("amount_fraction")
    minor = int(units or "0") * MINOR_PER_UNIT + int(decimals.ljust(2, "0"))
    if minor > MINOR_MAX:
        raise Unreadable("amount_too_large")
    return -minor if negative else minor


def decimal_mark(texts: Iterable[str]) -> str | None:
    """Return the decimal mark that the amounts of a column agree on; None where they show none or both."""
    seen = set()
    for text in texts:
        try:
            body = _split_sign(text)[1]
        except Unreadable:
            continue
        if (mark := _mark_shown(body)) is not None:
            seen.add(mark)
    return seen.pop() if len(seen) == 1 else None


def read_number(value: float) -> int:
    """Return the centavos of a spreadsheet's number.

    Raises Unreadable: amount_unreadable (no number), amount_fraction, amount_too_large (beyond what a
    spreadsheet still holds to the centavo).
    """
    if abs(value) >= FLOAT_MAX:
        raise Unreadable("amount_too_large")
    if math.isnan(value):
        raise Unreadable("amount_unreadable")
    exact = Decimal(repr(value)) * MINOR_PER_UNIT
    minor = round(exact)
    if abs(exact - minor) > _NOISE_MINOR:
        raise Unreadable("amount_fraction")
    return minor


def read_date(text: str) -> dt.date:
    """Return the date of DD/MM/YYYY (also with - or .) or YYYY-MM-DD, midnight behind it or not.

    Raises Unreadable: date_unreadable, date_short_year, date_unreal.
    """
    bare = _MIDNIGHT.sub("", text.strip()) if len(text) <= TEXT_MAX else ""
    found = _ISO.fullmatch(bare) or _DAY_FIRST.fullmatch(bare)
    if found is None:
        raise Unreadable("date_short_year" if _SHORT_YEAR.fullmatch(bare) else "date_unreadable")
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise Unreadable("date_unreal") from None


def _split_sign(text: str) -> tuple[bool, str]:
    """Return whether the amount is negative, and its digits and marks."""
    if len(text) > TEXT_MAX:
        raise Unreadable("amount_unreadable")
    found = _AMOUNT.fullmatch(" ".join(text.split()))
    if found is None:
        raise Unreadable("amount_unreadable")
    signs = [found["open"], found["sign"], found["inner"], found["behind"]]
    if sum(sign is not None for sign in signs) > 1:
        raise Unreadable("amount_unreadable")
    return any(sign not in (None, "+") for sign in signs), found["body"].strip()


def _mark_shown(body: str) -> str | None:
    """Return the decimal mark that an amount shows beyond doubt, be it by a thousands mark that it cannot be."""
    marks = [char for char in body if char in ".,"]
    if not marks:
        return None
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    return None if _is_ambiguous(body, marks[0]) else marks[0]


def _is_ambiguous(body: str, mark: str) -> bool:
    """Return whether the one mark may part thousands as well as decimals: 1.234, not 0.234 nor 1.23."""
    units, _mark, decimals = body.partition(mark)
    return len(decimals) == 3 and 1 <= len(units) <= 3 and not units.startswith("0")


def _split_decimals(body: str, mark: str | None) -> tuple[str, str]:
    """Return the digits before and after the decimal mark."""
    shown = _mark_shown(body)
    if shown is None and any(char in body for char in ".,"):
        if mark is None:
            raise Unreadable("amount_ambiguous")
        shown = mark
    units, found, decimals = body.rpartition(shown) if shown and shown in body else (body, "", "")
    if found and (not decimals.isdigit() or found in units):
        raise Unreadable("amount_unreadable")
    if units.isdigit() or (found and not units):
        return units, decimals
    if not _GROUPED.fullmatch(units) or len({char for char in units if not char.isdigit()}) > 1:
        raise Unreadable("amount_unreadable")
    return re.sub("[., ]", "", units), decimals
