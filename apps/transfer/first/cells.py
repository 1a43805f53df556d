"""Values of loose cells: SQLite keeps whatever was put into a column."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from apps.common.text import fold
from ledger.money import MINOR_MAX

_FLOAT_EXACT = 2**53
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}(?:\.0+)?")
_MONTHS = {
    name: number
    for number, names in enumerate((
        "ene enero jan january", "feb febrero february", "mar marzo march", "abr abril apr april", "may mayo",
        "jun junio june", "jul julio july", "ago agosto aug august", "sep set septiembre setiembre september",
        "oct octubre october", "nov noviembre november", "dic diciembre dec december",
    ), start=1)
    for name in names.split()
}
_TIME = re.compile(
    r"(?:T|\s+|,\s*)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?\s*(?:hs?\.?)?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-]?)([0-9]{1,2})\2([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})\s?[/. -]\s?([0-9]{1,2})\s?[/. -]\s?([0-9]{4}|[0-9]{2})")
_DAY_NAMED = re.compile(r"([0-9]{1,2})(?:º|°|ro)?[\s/.-]+(?:de\s+)?([a-z]+)\.?[\s/.,-]+(?:de\s+|del\s+)?([0-9]{4})")
_NAMED_DAY = re.compile(r"([a-z]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})")
_WEEKDAY = re.compile(
    r"^(?:lun|mar|mie|jue|vie|sab|dom)[a-z]*\.?,?\s+(?=[0-9])|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"
)
_CENTURY_BREAK = 70
_EPOCH_MIN, _EPOCH_MAX = 315_532_800, 7_258_118_400  # 1980 to 2200


class Odd(ValueError):
    """A cell is not what its column should hold; `code` says in which way."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def whole(cell: Any) -> int:
    """Return a whole number; Odd for anything else, a fraction included."""
    if isinstance(cell, (bool, int)):
        return int(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _FLOAT_EXACT:
        return int(cell)
    if isinstance(cell, str) and _WHOLE.fullmatch(cell.strip()):
        return int(cell.strip().partition(".")[0])
    raise Odd("not_whole")


def centavos(cell: Any) -> int:
    """Return an amount, 0 for a blank one; Odd: amount_unreadable, amount_fraction, amount_too_large."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return 0
    if isinstance(cell, float) and not cell.is_integer():
        raise Odd("amount_fraction")
    try:
        amount = whole(cell)
    except Odd:
        raise Odd("amount_unreadable") from None
    if abs(amount) > MINOR_MAX:
        raise Odd("amount_too_large")
    return amount


def key(cell: Any) -> str:
    """Return a reference to another row as that row's key: 7, 7.0 and '7' are one."""
    try:
        return str(whole(cell))
    except Odd:
        return "" if cell is None else str(cell).strip()


def flag(cell: Any, yes: str, no: str) -> bool | None:
    """Return whether a cell says yes: 1, true, or a word that begins as one of `yes` (blank-separated)."""
    word = fold(str(cell)) if cell is not None else ""
    if word in {"1", "1.0", "true", "t", "si", "s", "yes"} or (word and word.startswith(tuple(yes.split()))):
        return True
    if word in {"0", "0.0", "false", "f", "no", "n"} or (word and word.startswith(tuple(no.split()))):
        return False
    return None


def line(cell: Any) -> str:
    """Return text in one line, without what cannot be printed; blank for nothing."""
    text = "" if cell is None else str(cell)
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def day(cell: Any, *, month_first: bool) -> tuple[dt.date, str | None]:
    """Return a date, and what had to be assumed to read it: `month_first`, `short_year` or None.

    Reads 2024-05-03, 20240503, 3/5/2024, 03-05-24, 3 de mayo de 2024, May 3, 2024, each with a time
    behind it or a weekday before it. Raises Odd: date_missing, date_unreadable, date_unreal.
    """
    text = "" if cell is None else fold(str(cell))
    if not text:
        raise Odd("date_missing")
    bare = _WEEKDAY.sub("", _TIME.sub("", text).strip(" ,")).strip()
    try:
        return _day(bare, month_first)
    except ValueError as error:
        raise error if isinstance(error, Odd) else Odd("date_unreal") from None


def _day(bare: str, month_first: bool) -> tuple[dt.date, str | None]:
    if found := _YEAR_FIRST.fullmatch(bare):
        if not found[2] and len(bare) != 8:
            raise Odd("date_unreadable")
        return dt.date(int(found[1]), int(found[3]), int(found[4])), None
    if found := _DAY_NAMED.fullmatch(bare):
        return dt.date(int(found[3]), _month(found[2]), int(found[1])), None
    if found := _NAMED_DAY.fullmatch(bare):
        return dt.date(int(found[3]), _month(found[1]), int(found[2])), None
    if found := _NUMBERS.fullmatch(bare):
        return _numbered(int(found[1]), int(found[2]), found[3], month_first)
    raise Odd("date_unreadable")


def _numbered(first: int, second: int, year: str, month_first: bool) -> tuple[dt.date, str | None]:
    assumed = None
    full = int(year)
    if len(year) == 2:
        assumed, full = "short_year", full + (2000 if full < _CENTURY_BREAK else 1900)
    number, month = (second, first) if month_first else (first, second)
    if month > 12 >= number:  # can only be the other order
        return dt.date(full, number, month), "day_first" if month_first else "month_first"
    return dt.date(full, month, number), assumed


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise Odd("date_unreadable")
    return _MONTHS[name]


def moment(cell: Any, zone: dt.tzinfo, *, month_first: bool) -> dt.datetime | None:
    """Return a time with its zone (`zone` where it names none; seconds since 1970 too); None for what is none."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        seconds = cell / 1000 if cell > _EPOCH_MAX else cell
        return dt.datetime.fromtimestamp(seconds, zone) if _EPOCH_MIN <= seconds <= _EPOCH_MAX else None
    text = "" if cell is None else str(cell).strip()
    try:
        found = dt.datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except ValueError:
        return _spelled(text, zone, month_first)


def _spelled(text: str, zone: dt.tzinfo, month_first: bool) -> dt.datetime | None:
    try:
        date, _assumed = day(text, month_first=month_first)
        found = _TIME.search(text)
        if found is None:
            return dt.datetime.combine(date, dt.time(), zone)
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"][0].lower() == "p" else 0)
        return dt.datetime.combine(date, dt.time(hour, int(found["minute"]), int(found["second"] or 0)), zone)
    except ValueError:
        return None
