"""The answer in one sentence, by template over the rows that came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from services.consultorIA import wording
from services.consultorIA.forms import Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.periods import Period
from services.consultorIA.readers import Cell, Result

_NOUNS = {
    Shape.ENTRIES: ("asiento", "asientos"),
    Shape.LINES: ("movimiento", "movimientos"),
    Shape.COUNTER: ("movimiento", "movimientos"),
    Shape.ACCOUNTS: ("cuenta", "cuentas"),
    Shape.PEOPLE: ("usuario", "usuarios"),
    Shape.PERIODS: ("período", "períodos"),
}


def sentence(form: Form | None, result: Result) -> str:
    """Return the answer in one sentence."""
    if form is None:
        return _plain(result)
    none = len(result.rows) == 1 and not form.dimensions and form.metric is Metric.COUNT and result.rows[0][-1] == 0
    if not result.rows or (none and not form.columns):
        return _nothing(form)
    text = _SENTENCES.get(form.shape, _total)(form, result)
    if result.truncated:
        text = f"{text.rstrip('.')} (se muestran los primeros {wording.number(len(result.rows))})."
    return text[0].upper() + text[1:]


# --- Rows and cells ----------------------------------------------------------------------------------------


def counted(count: int, noun: str, nouns: str) -> str:
    """Return `1 fila`, `1.234 filas`."""
    return f"{wording.number(count)} {noun if count == 1 else nouns}"


def _names(result: Result) -> list[str]:
    return [name for name, _kind in result.columns]


def _value(result: Result, row: Sequence[Cell], name: str) -> str:
    index = _names(result).index(name)
    return wording.cell(row[index], result.columns[index][1], name)


def _raw(result: Result, row: Sequence[Cell], name: str) -> Cell:
    return row[_names(result).index(name)]


def label(form: Form, result: Result, row: Sequence[Cell]) -> str:
    """Return the names of the groups that a row stands for."""
    names = _names(result)
    shown = ["cuenta" if one is Dimension.ACCOUNT and "cuenta" in names else one.value for one in form.dimensions]
    return ", ".join(_value(result, row, name) for name in shown if name in names)


def _where(form: Form) -> str:
    """Return what narrows the rows: ` en julio de 2025, cargados por Ana`."""
    parts = [part for part in (wording.when(form.period), *wording.filters(form.filters)) if part]
    return wording.of_accounts(form) + (f" {', '.join(parts)}" if parts else "")


def _lead(form: Form) -> str:
    return f"{wording.when(form.period)} " if form.period else ""


def _subject(form: Form) -> str:
    narrowed = ", ".join(wording.filters(form.filters))
    return wording.subject(form) + (f" ({narrowed})" if narrowed else "")


# --- No form, no rows --------------------------------------------------------------------------------------


def _plain(result: Result) -> str:
    if not result.rows:
        return "La consulta no devolvió filas."
    if len(result.rows) == 1 and len(result.columns) == 1:
        (name, kind), value = result.columns[0], result.rows[0][0]
        return f"{name}: {wording.cell(value, kind, name)}."
    found = counted(len(result.rows), "fila", "filas")
    return f"La consulta devolvió {'más de ' if result.truncated else ''}{found}."


def _nothing(form: Form) -> str:
    if form.shape is Shape.PERIODS and form.period is not None:
        return f"{form.period.words()} está abierto: nadie lo cerró.".capitalize()
    noun, _nouns = _NOUNS.get(form.shape, _NOUNS[Shape.LINES])
    return f"No hay {'ninguna' if noun == 'cuenta' else 'ningún'} {noun}{_where(form)}."


# --- Sums --------------------------------------------------------------------------------------------------


def _total(form: Form, result: Result) -> str:
    names, row = _names(result), result.rows[0]
    if "diferencia" in names:
        return _comparison(form, result)
    if names == ["promedio"]:
        unit = wording.dimension(form.dimensions[0])
        return f"{_lead(form)}{_subject(form)} promedió {_value(result, row, 'promedio')} por {unit}."
    if form.dimensions:
        return _grouped(form, result, f"{_lead(form)}{_subject(form)}", names[-1])
    if form.shape is Shape.RESULT:
        return _gain(form, result)
    if form.metric in {Metric.BOTH, Metric.MOVES}:
        return _both_sides(form, result)
    verb = "fue de"
    if form.shape is Shape.BALANCE:
        verb = "es de" if form.period is None else "era de"
    return f"{_lead(form)}{_subject(form)} {verb} {_value(result, row, names[-1])}."


def _both_sides(form: Form, result: Result) -> str:
    row, whose = result.rows[0], wording.of_whom(form)
    had = "tuvieron" if form.filters.accounts is None else "tuvo"
    text = f"{_lead(form)}{whose} {had} {_value(result, row, 'debe')} al debe y {_value(result, row, 'haber')} al haber"
    return f"{text}: varió {_value(result, row, 'variacion')}." if form.metric is Metric.MOVES else f"{text}."


def _gain(form: Form, result: Result) -> str:
    row = result.rows[0]
    value = _raw(result, row, "resultado")
    lost = isinstance(value, Decimal) and value < 0
    shown = wording.money(abs(value)) if isinstance(value, Decimal) else _value(result, row, "resultado")
    made = f"ingresos por {_value(result, row, 'ingresos')} y egresos por {_value(result, row, 'egresos')}"
    return f"{_lead(form)}hubo una {'pérdida' if lost else 'ganancia'} de {shown}: {made}."


def _comparison(form: Form, result: Result) -> str:
    now, earlier = wording.when(form.period), wording.when(form.comparison)
    before = earlier.removeprefix("en ")
    row, subject = result.rows[0], _subject(form)
    backwards = _is_before(form.period, form.comparison)
    if form.dimensions and form.limit == 1 and not backwards:
        change = _raw(result, row, "diferencia")
        moved = "lo que más disminuyó" if isinstance(change, Decimal) and change < 0 else "lo que más aumentó"
        figures = f"{_value(result, row, 'anterior')} a {_value(result, row, 'actual')}"
        return f"{subject}, {now} contra {before}: {moved} es {label(form, result, row)}, de {figures}."
    if form.dimensions:
        groups = _groups_of(form, len(result.rows))
        most = f"{label(form, result, row)}, {_value(result, row, 'diferencia')}"
        return f"{subject}, {now} contra {before}, en {groups}: la mayor diferencia es la de {most}."
    change, rate = _raw(result, row, "diferencia"), _raw(result, row, "variacion_porcentual")
    text = f"{now} {subject} fue de {_value(result, row, 'actual')}; {earlier}, de {_value(result, row, 'anterior')}"
    if not isinstance(change, Decimal) or change == 0:
        return f"{text}: no cambió."
    shown = f" ({wording.percent(abs(Decimal(str(rate))))})" if rate is not None else ""
    if backwards:  # nothing grew from a later period to an earlier one
        return f"{text}: {wording.money(abs(change))} {'más' if change > 0 else 'menos'} {now}{shown}."
    return f"{text}: {'aumentó' if change > 0 else 'disminuyó'} {wording.money(abs(change))}{shown}."


def _is_before(one: Period | None, two: Period | None) -> bool:
    return bool(one and two and one.first and two.first and one.first < two.first)


def _grouped(form: Form, result: Result, subject: str, measure: str) -> str:
    """Return what stands out of the groups: the one asked for, the first ones, or the largest and smallest."""
    rows, index = result.rows, _names(result).index(measure)
    shown = [(label(form, result, row), _value(result, row, measure)) for row in rows]
    unit = form.dimensions[-1]
    if form.descending is not None and form.limit == 1:
        return f"{subject}: {wording.most(unit, most=form.descending)} es {shown[0][0]}, con {shown[0][1]}."
    if len(rows) == 1:
        return f"{subject}: {shown[0][0]}, {shown[0][1]}."
    if form.descending is not None:
        way = "de mayor a menor" if form.descending else "de menor a mayor"
        listed = "; ".join(f"{name} {value}" for name, value in shown[:3])
        return f"{subject}, {way}: {listed}{'…' if len(rows) > 3 else '.'}"
    figures = [(row[index], place) for place, row in enumerate(rows) if isinstance(row[index], (Decimal, int, float))]
    if not figures:
        return f"{subject}, en {_groups_of(form, len(rows))}."
    top, low = shown[max(figures)[1]], shown[min(figures)[1]]
    largest, smallest = wording.most(unit, most=True), wording.most(unit, most=False)
    ends = f"{largest} es {top[0]}, con {top[1]}, y {smallest}, {low[0]}, con {low[1]}"
    return f"{subject}, en {_groups_of(form, len(rows))}: {ends}."


def _groups_of(form: Form, count: int) -> str:
    if len(form.dimensions) > 1:
        return counted(count, "combinación", "combinaciones")
    return wording.counted_groups(form.dimensions[0], count)


def _running(form: Form, result: Result) -> str:
    (name, kind), last = result.columns[0], result.rows[-1]
    return f"{wording.subject(form)} llegó a {_value(result, last, 'saldo')} en {wording.cell(last[0], kind, name)}."


def _ratio(form: Form, result: Result) -> str:
    if form.dimensions:
        return _grouped(form, result, wording.subject(form), _names(result)[-1])
    row = result.rows[0]
    if form.metric is Metric.GROSS:
        left, rate = _value(result, row, "ganancia_bruta"), _value(result, row, "margen")
        parts = f"ventas {_value(result, row, 'ventas')}, costo {_value(result, row, 'costo')}"
        return f"{_lead(form)}la ganancia bruta fue de {left}, el {rate} de las ventas ({parts})."
    above, below, value = _names(result)[-3:]
    spaced = {name: name.replace("_", " ") for name in (above, below)}
    if row[-1] is None:
        return f"{_lead(form)}{wording.subject(form)} no se puede calcular: no hay {spaced[below]}."
    verb = "fue" if form.metric is Metric.MARGIN else "era" if form.period else "es"
    parts = f"{spaced[above]} {_value(result, row, above)}, {spaced[below]} {_value(result, row, below)}"
    return f"{_lead(form)}{wording.subject(form)} {verb} de {_value(result, row, value)} ({parts})."


def _share(form: Form, result: Result) -> str:
    row = result.rows[0]
    part = form.part.label if form.part else ""
    whole = form.filters.accounts.label if form.filters.accounts else "el total"
    if row[-1] is None:
        return f"{_lead(form)}no hay importes en {whole}."
    rate, figures = _value(result, row, "porcentaje"), (_value(result, row, "parte"), _value(result, row, "total"))
    return f"{_lead(form)}{part} es el {rate} de {whole}: {figures[0]} sobre {figures[1]}."


# --- Lists -------------------------------------------------------------------------------------------------


def _found(form: Form, result: Result, first: str) -> str:
    noun, nouns = _NOUNS[form.shape]
    if len(result.rows) == 1 and form.limit == 1:
        return f"{first}."
    found = f"encontré {counted(len(result.rows), noun, nouns)}{_where(form)}"
    return f"{found}; {'es' if len(result.rows) == 1 else 'el primero:'} {first}."


def _counted_rows(form: Form, result: Result) -> str:
    noun, nouns = _NOUNS[form.shape]
    if form.dimensions:
        return _grouped(form, result, f"{nouns}{_where(form)}", _names(result)[-1])
    name, count = _names(result)[-1], result.rows[0][-1]
    if form.columns:  # what is counted is not the rows themselves
        noun, nouns = (form.columns[0], name if name != "cantidad" else f"{form.columns[0]}s")
    return f"hay {wording.cell(count, 'count')} {noun if count == 1 else nouns}{_where(form)}."


def _entry(result: Result, row: Sequence[Cell]) -> str:
    number = _raw(result, row, "numero") or _raw(result, row, "asiento_id")
    what = f"{_value(result, row, 'leyenda')}, por {_value(result, row, 'total')}"
    who = f"cargado por {_value(result, row, 'usuario')} ({_value(result, row, 'estado')})"
    return f"asiento {number} del {_value(result, row, 'fecha')}, {what}, {who}"


def _some(items: Sequence[str], shown: int) -> str:
    return f"{', '.join(items[:shown])}{'…' if len(items) > shown else '.'}"


def _entries(form: Form, result: Result) -> str:
    row = result.rows[0]
    if form.metric is Metric.LIST and "asiento_id" in _names(result):
        return _found(form, result, _entry(result, row))
    if form.metric is Metric.LIST:
        people = [_value(result, one, _names(result)[0]) for one in result.rows]
        return f"{counted(len(people), 'usuario', 'usuarios')}{_where(form)}: {_some(people, 8)}"
    if form.metric is Metric.SHARE:
        part = f"{_value(result, row, 'parte')} de {_value(result, row, 'total')}"
        narrowed = ", ".join(wording.filters(form.filters))
        return f"{_lead(form)}el {_value(result, row, 'porcentaje')} de los asientos es {narrowed} ({part})."
    if form.metric is Metric.DATE:
        which = "último" if form.descending else "primer"
        return f"el {which} asiento{_where(form)} es del {_value(result, row, 'fecha')}."
    if form.metric is Metric.COUNT and form.aggregate is Aggregate.AVERAGE:
        unit = wording.dimension(form.dimensions[0])
        return f"hay en promedio {_value(result, row, 'promedio')} asientos por {unit}{_where(form)}."
    if form.metric is Metric.COUNT or form.dimensions:
        return _counted_rows(form, result)
    if form.aggregate is Aggregate.AVERAGE:
        return f"el importe promedio de los asientos{_where(form)} es de {_value(result, row, 'promedio')}."
    return f"los asientos{_where(form)} suman {_value(result, row, _names(result)[0])}."


def _lines(form: Form, result: Result) -> str:
    if form.metric is Metric.COUNT:
        return _counted_rows(form, result)
    row = result.rows[0]
    if form.metric is Metric.AMOUNT:
        return f"{_lead(form)}cada movimiento de {wording.of_whom(form)} promedió {_value(result, row, 'promedio')}."
    side = form.filters.side or ("debe" if _raw(result, row, "debe") else "haber")
    amount = f"{_value(result, row, side)} al {side} ({_value(result, row, 'leyenda')})"
    said = f"el {_value(result, row, 'fecha')}, {_value(result, row, 'cuenta')}, {amount}"
    return _found(form, result, said)


def _counter(form: Form, result: Result) -> str:
    rows = result.rows
    names = "; ".join(f"{row[1]} ({wording.cell(row[2], 'count')})" for row in rows[:3])
    found = counted(len(rows), "cuenta", "cuentas")
    return f"{wording.of_whom(form)} se movió junto con {found}: {names}{'…' if len(rows) > 3 else '.'}"


def _accounts(form: Form, result: Result) -> str:
    if form.metric is Metric.COUNT:
        return _counted_rows(form, result)
    row = result.rows[0]
    name, code = _value(result, row, "nombre"), _value(result, row, "codigo")
    if form.columns == ("naturaleza",):
        return f"{name} ({code}) es {_value(result, row, 'naturaleza').lower()}."
    if len(result.rows) == 1 and form.columns:
        return f"{name}: código {code}, {form.columns[0]} {_value(result, row, form.columns[0])}."
    shown = "; ".join(
        f"{_value(result, one, 'nombre')} {_value(result, one, 'saldo')}"
        if "saldo" in _names(result)
        else _value(result, one, "nombre")
        for one in result.rows[:3]
    )
    return (
        f"{counted(len(result.rows), 'cuenta', 'cuentas')}{_where(form)}: {shown}{'…' if len(result.rows) > 3 else '.'}"
    )


def _people(form: Form, result: Result) -> str:
    if form.metric is Metric.DATE:
        return f"hay {counted(int(str(result.rows[0][0])), 'grupo', 'grupos')} de alumnos."
    if form.metric is Metric.COUNT or form.dimensions:
        return _counted_rows(form, result)
    row = result.rows[0]
    if form.filters.users and len(result.rows) == 1:
        group = _value(result, row, "grupo_alumnos")
        return f"{_value(result, row, 'nombre')}: rol {_value(result, row, 'rol')}, grupo {group}."
    names = [_value(result, one, "nombre") for one in result.rows]
    return f"{counted(len(names), 'usuario', 'usuarios')}{_where(form)}: {_some(names, 8)}"


def _periods(form: Form, result: Result) -> str:
    if form.metric is Metric.COUNT:
        return _counted_rows(form, result)
    shown = [
        f"{wording.month(str(_raw(result, one, 'mes'))) if _raw(result, one, 'mes') else _value(result, one, 'anio')}"
        f" ({_value(result, one, 'estado').lower()})"
        for one in result.rows[:6]
    ]
    return (
        f"{counted(len(result.rows), 'período', 'períodos')}: {', '.join(shown)}{'…' if len(result.rows) > 6 else '.'}"
    )


_SENTENCES: dict[Shape, Callable[[Form, Result], str]] = {
    Shape.RUNNING: _running,
    Shape.RATIO: _ratio,
    Shape.SHARE: _share,
    Shape.ENTRIES: _entries,
    Shape.LINES: _lines,
    Shape.COUNTER: _counter,
    Shape.ACCOUNTS: _accounts,
    Shape.PEOPLE: _people,
    Shape.PERIODS: _periods,
}
