"""Questions that lean on the one before: "¿y en mayo?", "¿y por usuario?", "¿y de alquileres?"."""

from __future__ import annotations

import re
from dataclasses import replace

from services.consultorIA.forms import Form, Metric, Shape
from services.consultorIA.lexicon import Signals
from services.consultorIA.makers.filling import dimensions_of, filters_of, period_of
from services.consultorIA.periods import Period
from services.consultorIA.reading import FLOWS, Reading

_LEANS = re.compile(r"^(?:y|e|ahora|pero|tambien|lo mismo|y si|que tal|igual)\b")
# What makes a question whole by itself.
_WHOLE = (
    "entries",
    "lines",
    "counter",
    "share",
    "current_ratio",
    "solvency",
    "debt_ratio",
    "margin",
    "periods",
    "who",
    "when",
    "count",
    "running",
    "ledger",
    "students",
    "people",
    *FLOWS,
)


def is_follow_up(reading: Reading) -> bool:
    """Return whether a question leans on the one before: it opens with `y` and asks for nothing by itself."""
    signals: Signals = reading.signals
    return bool(_LEANS.match(reading.folded)) and not signals.any(*_WHOLE)


def follow(previous: Form, reading: Reading) -> Form | None:
    """Return the form before with what this question names in its place; None when it names nothing."""
    made = previous
    period = period_of(reading)
    if "§b" in reading.slots.text and previous.period is not None:
        period = previous.period.before()
    if period is not None:
        if previous.period is not None and previous.period.until and period.first is not None:
            period = Period(None, period.last, until=True)
        made = replace(made, period=period, comparison=None)
    if reading.named:
        named = reading.chart.together(reading.named)
        made = replace(made.with_filters(accounts=named))
        if made.shape is Shape.RESULT:
            made = replace(made, shape=Shape.TOTAL)
    dimensions = dimensions_of(reading, people=made.shape in {Shape.ENTRIES, Shape.PEOPLE})
    if dimensions:
        metric = (
            Metric.COUNT if made.metric is Metric.LIST and made.shape in {Shape.ENTRIES, Shape.LINES} else made.metric
        )
        made = replace(made, dimensions=dimensions, limit=None, descending=None, metric=metric, columns=())
    found = filters_of(reading)
    changes = {
        name: value
        for name, value in (
            ("users", found.users),
            ("groups", found.groups),
            ("states", found.states),
            ("legends", found.legends),
            ("amount", found.amount),
            ("weekdays", found.weekdays),
        )
        if value
    }
    made = made.with_filters(**changes) if changes else made
    return None if made == previous else made
