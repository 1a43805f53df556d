"""Questions that lean on the one before: "¿y en mayo?", "¿y por usuario?", "¿comparado con junio?", "¿cuántos son?"."""

from __future__ import annotations

import re
from dataclasses import replace

from services.consultorIA.forms import TIME, Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.makers.filling import dimensions_of, filters_of, limit_of, period_of, text_of, way_of
from services.consultorIA.makers.lines import line_side
from services.consultorIA.periods import Period
from services.consultorIA.reading import FLOWS, Reading

_LEANS = re.compile(r"^(?:y|e|ahora|pero|tambien|lo mismo|y si|que tal|igual|solo|solamente)\b")
_BEFORE = re.compile(r"\b(?:anterior|previ[oa]|antes)\b")
_HOW_MANY = re.compile(r"\b(?:cuant[oa]s|cantidad)\b")
# What makes a question whole by itself.
_WHOLE = (
    "entries", "lines", "counter", "share", "current_ratio", "solvency", "debt_ratio", "working_capital", "margin",
    "periods", "who", "when", "running", "ledger", "students", "people", *FLOWS,
)  # fmt: skip
_LISTED = frozenset({Shape.ENTRIES, Shape.LINES, Shape.ACCOUNTS, Shape.PEOPLE})


def is_follow_up(reading: Reading) -> bool:
    """Return whether a question leans on the one before: it opens with `y` and asks for nothing by itself."""
    return bool(_LEANS.match(reading.folded)) and not reading.signals.any(*_WHOLE)


def follow(previous: Form, reading: Reading) -> Form | None:
    """Return the form before with what this question names in its place; None when it names nothing."""
    made = previous
    for change in (_in_period, _of_accounts, _narrowed, _by_groups, _counted, _averaged, _in_detail, _ranked):
        made = change(made, reading)
    return None if made == previous else made


def _in_period(form: Form, reading: Reading) -> Form:
    period = period_of(reading)
    compared = reading.signals.any("compared") or "§b" in reading.slots.text
    whole = form.period if form.period is not None and form.period.first is not None else None
    if whole is not None and _BEFORE.search(reading.folded):
        period = whole.before()
    if period is None:
        return form
    if compared and whole is not None and form.shape in {Shape.TOTAL, Shape.RESULT}:
        return replace(form, comparison=period, limit=None)
    if form.period is not None and form.period.until and period.first is not None:
        period = Period(None, period.last, until=True)
    return replace(form, period=period, comparison=None)


def _of_accounts(form: Form, reading: Reading) -> Form:
    if not reading.named:
        return form
    made = form.with_filters(accounts=reading.chart.together(reading.named))
    return replace(made, shape=Shape.TOTAL) if made.shape is Shape.RESULT else made


def _narrowed(form: Form, reading: Reading) -> Form:
    found = filters_of(reading)
    named = ("users", "groups", "states", "legends", "amount", "weekdays", "without")
    changes = {name: getattr(found, name) for name in named if getattr(found, name)}
    return form.with_filters(**changes) if changes else form


def _by_groups(form: Form, reading: Reading) -> Form:
    dimensions = dimensions_of(reading, people=form.shape in {Shape.ENTRIES, Shape.PEOPLE})
    if "breakdown" in reading.signals and not dimensions:
        dimensions = (Dimension.ACCOUNT,)
    if not dimensions:
        return form
    if form.shape is Shape.BALANCE and dimensions[0] in TIME:
        return replace(form, shape=Shape.RUNNING, dimensions=dimensions[:1], period=None, limit=None, descending=None)
    metric = Metric.COUNT if form.metric is Metric.LIST and form.shape in {Shape.ENTRIES, Shape.LINES} else form.metric
    return replace(form, dimensions=dimensions, limit=None, descending=None, metric=metric, columns=())


def _counted(form: Form, reading: Reading) -> Form:
    if not _HOW_MANY.search(reading.folded) or form.shape not in _LISTED:
        return form
    return replace(form, metric=Metric.COUNT, dimensions=(), columns=(), limit=None, descending=None, by_date=False)


def _averaged(form: Form, reading: Reading) -> Form:
    if "average_by" not in reading.signals or form.shape is not Shape.TOTAL or form.comparison is not None:
        return form
    times = [one for one in form.dimensions if one in TIME]
    return replace(form, aggregate=Aggregate.AVERAGE, dimensions=(times[0] if times else Dimension.MONTH,))


def _in_detail(form: Form, reading: Reading) -> Form:
    """Return the lines behind a total, where its detail is asked for."""
    asked = "detall" in text_of(reading.signals, "list")
    if not asked or form.shape is not Shape.TOTAL or form.comparison is not None:
        return form
    side = line_side(form.metric, form.filters)
    return Form(Shape.LINES, Metric.LIST, period=form.period, filters=replace(form.filters, side=side))


def _ranked(form: Form, reading: Reading) -> Form:
    way, limit = way_of(reading.signals), limit_of(reading.signals)
    listed = form.metric is Metric.LIST and form.shape in _LISTED
    if (way is None and limit is None) or not (form.dimensions or listed) or form.shape is Shape.RUNNING:
        return form
    return replace(form, descending=form.descending if way is None else way, limit=limit or form.limit, by_date=False)
