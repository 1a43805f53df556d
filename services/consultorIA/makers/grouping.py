"""Averages, and the order of groups."""

from __future__ import annotations

from dataclasses import replace

from services.consultorIA.forms import TIME, Aggregate, Dimension, Form
from services.consultorIA.makers.filling import is_plural, limit_of, way_of
from services.consultorIA.reading import Reading

UNITS = (
    ("trimestr", Dimension.QUARTER),  # before the `mes` in it
    ("mes", Dimension.MONTH),
    ("mensual", Dimension.MONTH),
    ("seman", Dimension.WEEK),
    ("dia", Dimension.DAY),
    ("ano", Dimension.YEAR),
    ("anual", Dimension.YEAR),
    ("usuario", Dimension.USER),
    ("alumno", Dimension.USER),
)


def unit_of_average(reading: Reading, dimensions: tuple[Dimension, ...]) -> Dimension:
    """Return what an average is taken over: the unit named, else the first dimension, else months."""
    unit = reading.signals.first("average_by", "unit")
    named = next((dimension for name, dimension in UNITS if name in unit), None)
    return named or (dimensions[0] if dimensions else Dimension.MONTH)


def averaged(form: Form, reading: Reading) -> Form:
    """Return the form averaged over the unit asked for, months where none is."""
    signals = reading.signals
    if "average_by" not in signals:
        return form
    chosen = unit_of_average(reading, tuple(one for one in form.dimensions if one in TIME))
    others = tuple(one for one in form.dimensions if one is not chosen)
    return replace(form, aggregate=Aggregate.AVERAGE, dimensions=(chosen, *others))


def ordered(form: Form, reading: Reading) -> Form:
    """Return the form ordered as the superlatives ask; one row where one thing is asked for."""
    signals = reading.signals
    way, limit = way_of(signals), limit_of(signals)
    if way is None or not form.dimensions or (form.aggregate is Aggregate.AVERAGE and len(form.dimensions) == 1):
        return replace(form, limit=limit if form.dimensions else None)
    plural = not limit and ("top" in signals or is_plural(reading))
    return replace(form, descending=way, limit=limit or (None if plural else 1))
