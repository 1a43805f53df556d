"""Placeholders in the legend of a template: `Alquiler de {mes} de {año}`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def _month_before(day: dt.date) -> dt.date:
    return day.replace(day=1) - dt.timedelta(days=1)


WORDS: dict[str, Callable[[dt.date], str]] = {
    "dia": lambda day: str(day.day),
    "mes": lambda day: MONTHS[day.month - 1],
    "mes_anterior": lambda day: MONTHS[_month_before(day).month - 1],
    "año": lambda day: str(day.year),
    "anio": lambda day: str(day.year),
    "año_mes_anterior": lambda day: str(_month_before(day).year),
    "fecha": lambda day: f"{day:%d/%m/%Y}",
}


def unknown_words(legend: str) -> list[str]:
    """Return the placeholders that mean nothing."""
    return [word for word in _PLACEHOLDER.findall(legend) if word.strip().lower() not in WORDS]


def written(legend: str, day: dt.date) -> str:
    """Return the legend with its placeholders written for a date; unknown ones stay as they are."""

    def word(found: re.Match[str]) -> str:
        write = WORDS.get(found.group(1).strip().lower())
        return write(day) if write else found.group()

    return _PLACEHOLDER.sub(word, legend)
