"""Forms about the people themselves: how many, who is in a group, who recorded nothing."""

from __future__ import annotations

from dataclasses import replace

from services.consultorIA.forms import Dimension, Form, Metric, Shape
from services.consultorIA.makers.filling import (
    active_of,
    counted,
    counts,
    dimensions_of,
    filters_of,
    limit_of,
    period_of,
    role_of,
    way_of,
)
from services.consultorIA.reading import FLOWS, Reading


def people(reading: Reading) -> Form | None:
    """Questions about the people themselves: how many, who is in a group, who recorded nothing."""
    signals = reading.signals
    whose = (
        signals.any("who", "students", "people")
        or counts(signals, "students", "people")
        or Dimension.USER in dimensions_of(reading, people=True)
    )
    if "idle" in signals and whose and not reading.named:
        return Form(
            Shape.PEOPLE,
            counted(signals, "students", "people"),
            period=period_of(reading),
            filters=replace(filters_of(reading), idle=True, role=role_of(signals)),
        )
    ranked = way_of(signals) is not None and not dimensions_of(reading, people=True)
    if ("top" in signals or ranked) and not counts(signals, "students", "people"):
        return None  # a ranking of people is of something else than people
    about = (
        signals.any("teachers", "students", "people", "groups", "role")
        or counts(signals, "students", "people", "groups")
        or (signals.any("chart_attribute", "what_dimension") and reading.slots.users and not reading.named)
    )
    if (
        not about
        or signals.any("entries", "lines", "recorded", *FLOWS)
        or signals.any("partida_active", "partida_passive", "partida_equity", "share")
        or reading.named
        or reading.periods
        or counts(signals, "entries", "lines")
    ):
        return None
    filters = replace(filters_of(reading), role=role_of(signals), active=active_of(signals))
    dimensions = dimensions_of(reading, people=True)
    if counts(signals, "groups") or (
        "groups" in signals
        and not signals.any("students", "people", "role")
        and not reading.slots.groups
        and "count" in signals
    ):
        return Form(Shape.PEOPLE, Metric.DATE, filters=filters)
    if (
        "groups" in signals
        and not signals.any("students", "people")
        and not counts(signals, "students", "people")
        and not reading.slots.users
        and not reading.slots.groups
        and not dimensions
    ):
        dimensions = (Dimension.STUDENTS,)
    if reading.slots.users:
        return Form(Shape.PEOPLE, Metric.LIST, filters=filters, columns=("grupo_alumnos", "rol"))
    dimensions = tuple(one for one in dimensions if one in {Dimension.STUDENTS, Dimension.ROLE})
    return Form(
        Shape.PEOPLE,
        counted(signals, "students", "people"),
        dimensions=dimensions,
        filters=filters,
        descending=way_of(signals),
        limit=limit_of(signals) or (1 if way_of(signals) is not None and dimensions else None),
    )
