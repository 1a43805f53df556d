"""What the rows do not tell by themselves: who shares the first place, and that a nought is of nothing at all."""

from __future__ import annotations

from dataclasses import replace

from services.consultorIA import sentences, wording
from services.consultorIA.compiling import compile_form
from services.consultorIA.forms import Aggregate, Form, Metric, Shape
from services.consultorIA.makers.lines import line_side
from services.consultorIA.readers import Reader, Result

TIES_SHOWN = 5


def sentence(form: Form | None, result: Result, reader: Reader) -> str:
    """Return the answer in one sentence; asks the books once more where the rows leave a doubt. Raises QueryError."""
    said = sentences.sentence(form, result)
    if form is None or len(result.rows) != 1:
        return said
    if _may_tie(form):
        tied = _tied(form, result, reader)
        return f"{said.rstrip('.')}; empata con {tied}." if tied else said
    return _nothing_moved(form) if _is_nought(form, result) and not _moved(form, reader) else said


def _may_tie(form: Form) -> bool:
    ranked = form.limit == 1 and form.descending is not None and not form.by_date
    return bool(ranked and form.dimensions) and form.comparison is None and form.metric is not Metric.LIST


def _tied(form: Form, result: Result, reader: Reader) -> str:
    """Return the names of the groups that have the same figure as the one shown; empty for none."""
    first = result.rows[0]
    wider = reader.run(compile_form(replace(form, limit=TIES_SHOWN + 2)))
    others = [row for row in wider.rows if row[-1] == first[-1] and row != first]
    named = [sentences.label(form, wider, row) for row in others[:TIES_SHOWN]]
    return ", ".join([*named, "otros"] if len(others) > len(named) else named)


def _is_nought(form: Form, result: Result) -> bool:
    summed = form.shape is Shape.TOTAL and form.aggregate is Aggregate.SUM
    return summed and not form.dimensions and form.comparison is None and not any(result.rows[0])


def _moved(form: Form, reader: Reader) -> bool:
    filters = replace(form.filters, side=line_side(form.metric, form.filters))
    ((count,),) = reader.run(compile_form(Form(Shape.LINES, Metric.COUNT, period=form.period, filters=filters))).rows
    return bool(count)


def _nothing_moved(form: Form) -> str:
    side = f" al {form.metric.value}" if form.metric in {Metric.DEBIT, Metric.CREDIT} else ""
    whose = f" de {form.filters.accounts.label}" if form.filters.accounts is not None else ""
    narrowed = ", ".join(wording.filters(form.filters))
    whose += f" ({narrowed})" if narrowed else ""
    said = f"{wording.when(form.period)} no hubo movimientos{side}{whose}.".strip()
    return said[0].upper() + said[1:]
