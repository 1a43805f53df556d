"""The period of a form, and the one it is compared with."""

from __future__ import annotations

import re
from dataclasses import replace

from services.consultorIA.forms import TIME, Form, Shape
from services.consultorIA.makers.filling import period_of
from services.consultorIA.periods import Period
from services.consultorIA.reading import EXPENSES, INCOMES, Reading
from services.consultorIA.refusals import NOT_UNDERSTOOD, Refusal

_LISTED = re.compile(r"§p0 (?:y|e)(?: (?:el|la|los|las|de|del|en))* §p1")


def _with_comparison(form: Form, reading: Reading) -> Form:
    """Return the form with the period it is compared with, where the question compares."""
    text, periods, signals = reading.slots.text, reading.periods, reading.signals
    if not signals.any("compared", "changed") and "§b" not in text and "§y" not in text:
        return form
    if len(periods) == 2:
        now, before = periods
        if "changed" in signals and "compared" not in signals and not _is_flow(form):
            first, last = sorted(periods, key=lambda one: (one.first is not None, one.first))
            return replace(form, period=Period(first.first, last.last))
        if TIME & set(form.dimensions):
            return _one_by_one(form, reading, now, before)
        said_in_order = "changed" in signals and "compared" not in signals
        if (said_in_order or _LISTED.search(text)) and _is_before(now, before):
            now, before = before, now
        return replace(form, period=now, comparison=before)
    if len(periods) != 1 or periods[0].first is None:
        if "compared" in signals:
            raise Refusal(NOT_UNDERSTOOD, "¿Con qué período querés comparar? Nombrá los dos.", "no period to compare")
        return form
    if "§y" in text or "§b" in text:
        before = periods[0].year_before() if "§y" in text else periods[0].before()
        if TIME & set(form.dimensions):
            return _one_by_one(form, reading, periods[0], before)
        return replace(form, period=periods[0], comparison=before)
    if "changed" in signals and _is_flow(form):
        if TIME & set(form.dimensions):
            return _one_by_one(form, reading, periods[0])
        return replace(form, period=periods[0], comparison=periods[0].before())
    if "compared" in signals:
        raise Refusal(NOT_UNDERSTOOD, "¿Con qué período querés comparar? Nombrá los dos.", "one period to compare")
    return form


def _one_by_one(form: Form, reading: Reading, *periods: Period) -> Form:
    """Return the form over all the periods: month by month there is nothing of one to set beside another."""
    reading.signals.drop("compared")
    first, last = (extreme(periods, key=lambda one: (one.first is not None, one.first)) for extreme in (min, max))
    return replace(form, period=first if first is last else Period(first.first, last.last))


def _is_before(one: Period, two: Period) -> bool:
    return one.first is not None and two.first is not None and one.first < two.first


def _is_flow(form: Form) -> bool:
    chosen = form.filters.accounts
    return form.shape is Shape.RESULT or (chosen is not None and chosen.partida in {EXPENSES, INCOMES})


def when(form: Form, reading: Reading) -> Form:
    """Return the form with its period and what it is compared with."""
    compared = _with_comparison(form, reading)
    return compared if compared is not form else replace(form, period=period_of(reading))
