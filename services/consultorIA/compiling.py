"""From a form to SQL over the views. One text serves both engines; the reader regenerates it for its own.

Whole months are read from `saldos_mensuales` and balances of now from `cuentas`, which cost the number
of accounts; only what entries alone know (days, people, states, legends) is summed from `movimientos`.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from services.consultorIA.forms import ENTRY_ONLY, TIME, AccountSet, Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.periods import Period
from services.consultorIA.sql_text import any_of, bounded, literal, select

ENTRIES, LINES, MONTHS, ACCOUNTS, PEOPLE, PERIODS = (
    "asientos",
    "movimientos",
    "saldos_mensuales",
    "cuentas",
    "usuarios",
    "periodos",
)
_YEAR = "SUBSTR(mes, 1, 4)"
_RESULT = AccountSet("Resultado", (), debit_side=False)


def compile_form(form: Form) -> str:
    """Return the SELECT that answers a form."""
    return _COMPILERS[form.shape](form)


# --- Conditions ------------------------------------------------------------------------------------------


def _accounts(chosen: AccountSet | None) -> list[str]:
    if chosen is None:
        return []
    if chosen.column:
        return [f"{chosen.column} = {literal(chosen.value)}"]
    return [any_of("codigo", chosen.codes)] if chosen.codes else ["1 = 0"]


def _needs_lines(form: Form) -> bool:
    """Return whether entries alone know what the form asks."""
    asked = form.filters
    return bool(
        asked.users
        or asked.groups
        or asked.states
        or asked.legends
        or asked.weekdays
        or asked.side
        or asked.reversals
        or asked.lines
        or asked.without_closings
        or ENTRY_ONLY & set(form.dimensions)
        or not all(_is_whole_months(one) for one in (form.period, form.comparison))
    )


def _is_whole_months(period: Period | None) -> bool:
    if period is None:
        return True
    first, last = period.first, period.last
    return (first is None or first.day == 1) and (
        last is None or last.day == calendar.monthrange(last.year, last.month)[1]
    )


def _source(form: Form) -> str:
    if _needs_lines(form):
        return LINES
    timeless = form.period is None and form.comparison is None and not TIME & set(form.dimensions)
    return ACCOUNTS if timeless else MONTHS


def _dates(period: Period | None, source: str) -> list[str]:
    if period is None or source == ACCOUNTS:
        return []
    column = "mes" if source == MONTHS else "fecha"
    first, last = (_bound(day, source) for day in (period.first, period.last))
    if first and first == last:
        return [f"{column} = {first}"]
    if first and last:
        return [f"{column} BETWEEN {first} AND {last}"]
    return [f"{column} >= {first}"] if first else [f"{column} <= {last}"] if last else []


def _bound(day: dt.date | None, source: str) -> str:
    return "" if day is None else literal(f"{day:%Y-%m}" if source == MONTHS else day.isoformat())


def _of_entry(form: Form, source: str) -> list[str]:
    """Return the conditions on an entry's own columns."""
    asked = form.filters
    made = [
        any_of(column, values)
        for column, values in (("usuario", asked.users), ("grupo_alumnos", asked.groups), ("estado", asked.states))
        if values
    ]
    made += [f"leyenda_simple LIKE {literal('%' + _escaped(text) + '%')} ESCAPE '\\'" for text in asked.legends]
    if asked.role:
        made.append(f"usuario IN ({select(['nombre'], PEOPLE, [f'rol = {literal(asked.role)}'])})")
    if asked.reversals:
        made.append("tipo = 'Anulación'")
    if asked.weekdays:
        day = f"dia_semana IN ({', '.join(map(str, asked.weekdays))})"
        made.append(day if source == LINES else _in_entries([day]))
    return made


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _in_entries(conditions: Sequence[str]) -> str:
    return f"asiento_id IN ({select(['asiento_id'], LINES, conditions)})"


def _where(form: Form, source: str) -> list[str]:
    made = _accounts(form.filters.accounts) + _dates(form.period, source)
    made += [f"NOT ({condition})" for condition in _accounts(form.filters.without)]
    if source == LINES:
        made += _of_entry(form, source)
        made += (
            ["tipo NOT IN ('Refundición de resultados', 'Cierre', 'Apertura')"] if form.filters.without_closings else []
        )
        made += [f"{form.filters.side} > 0"] if form.filters.side else []
    return made


# --- Dimensions ------------------------------------------------------------------------------------------


def _columns(dimensions: Sequence[Dimension], source: str) -> list[tuple[str, str]]:
    """Return (expression, name) for each column that the dimensions show and group by."""
    made: list[tuple[str, str]] = []
    for one in dimensions:
        if one is Dimension.ACCOUNT:
            name = "nombre" if source == ACCOUNTS else "cuenta"
            made += [("codigo", "codigo"), (name, "cuenta")]
        elif one is Dimension.YEAR:
            made.append((_YEAR, "anio"))
        elif one in {Dimension.RUBRO, Dimension.GROUP}:
            made += [(one.value, one.value)]
        else:
            made.append((one.value, one.value))
    return made


def _shown(columns: Sequence[tuple[str, str]]) -> list[str]:
    return [expression if expression == name else f"{expression} AS {name}" for expression, name in columns]


def _grouped(columns: Sequence[tuple[str, str]]) -> list[str]:
    return [expression for expression, _name in columns]


def _order(form: Form, value: str, columns: Sequence[tuple[str, str]]) -> list[str]:
    """Return the order of grouped rows: time as it runs, amounts from the largest, or as asked."""
    names = [name for _expression, name in columns]
    if form.descending is None and (not form.dimensions or form.dimensions[0] in TIME | {Dimension.WEEKDAY}):
        return names
    return [f"{value}{'' if form.descending is False else ' DESC'}", *names]


# --- Totals, balances, results ---------------------------------------------------------------------------


def _measures(form: Form) -> list[tuple[str, str]]:
    """Return (expression over a row, name) of what a form sums."""
    if form.shape is Shape.RESULT:
        return [
            ("CASE WHEN partida = 'Ingresos' THEN haber - debe ELSE 0 END", "ingresos"),
            ("CASE WHEN partida = 'Egresos' THEN debe - haber ELSE 0 END", "egresos"),
            ("haber - debe", "resultado"),
        ]
    if form.metric is Metric.BOTH:
        return [("debe", "debe"), ("haber", "haber")]
    if form.metric is Metric.MOVES:
        return [("debe", "debe"), ("haber", "haber"), (_signed(form), "variacion")]
    if form.metric in {Metric.DEBIT, Metric.CREDIT}:
        return [(form.metric.value, form.metric.value)]
    return [(_signed(form), "saldo" if form.shape is Shape.BALANCE else "total")]


def _signed(form: Form) -> str:
    chosen = form.filters.accounts
    if chosen is None:
        return "CASE WHEN partida IN ('Activo', 'Egresos') THEN debe - haber ELSE haber - debe END"
    if form.shape is Shape.BALANCE and Dimension.ACCOUNT in form.dimensions:
        return "saldo"
    return _side_of(chosen)


def _base(form: Form, source: str) -> list[str]:
    where = _where(form, source)
    if form.shape is Shape.RESULT and form.filters.accounts is None:
        where.insert(0, "partida IN ('Ingresos', 'Egresos')")
    return where


def _total(form: Form) -> str:
    if form.aggregate is Aggregate.AVERAGE and form.dimensions:
        return _average(form)
    if form.comparison is not None:
        return _compared(form)
    source = _source(form)
    columns = _columns(form.dimensions, source)
    measures = _measures(form)
    sums = [f"COALESCE(SUM({expression}), 0) AS {name}" for expression, name in measures]
    having = _having(form, measures[-1][0])
    if form.dimensions and not having and (form.shape is Shape.BALANCE or source == ACCOUNTS):
        having = ["SUM(debe) <> 0 OR SUM(haber) <> 0"]
    return select(
        _shown(columns) + sums,
        source,
        _base(form, source),
        _grouped(columns),
        having,
        _order(form, measures[-1][1], columns) if columns else (),
        form.limit,
    )


def _having(form: Form, expression: str) -> list[str]:
    asked = form.filters.amount
    return [] if asked is None or not form.dimensions else bounded(f"SUM({expression})", asked)


def _average(form: Form) -> str:
    """Return the average of what the first dimension's groups sum to."""
    unit, *others = form.dimensions
    inner = replace(form, aggregate=Aggregate.SUM, descending=None, limit=None)
    value = _measures(form)[-1][1]
    outer = [name for _expression, name in _columns(others, LINES)]
    source = _source(inner)
    columns = _columns((unit, *others), source)
    sums = [*_shown(columns), f"SUM({_measures(form)[-1][0]}) AS {value}"]
    summed = select(sums, source, _base(inner, source), _grouped(columns))
    order = [f"promedio{'' if form.descending is False else ' DESC'}", *outer] if outer else []
    return select([*outer, f"AVG({value}) AS promedio"], f"({summed}) AS sumas", (), outer, (), order, form.limit)


def _compared(form: Form) -> str:
    """Return each period's sum side by side, their difference and the change in per cent."""
    assert form.period is not None and form.comparison is not None  # noqa: S101, PT018 - asked above
    source = _source(form)
    both = Period(_earliest(form.period, form.comparison), _latest(form.period, form.comparison))
    expression = _measures(form)[-1][0]
    now, before = (
        f"SUM(CASE WHEN {' AND '.join(_dates(one, source))} THEN {_bare(expression)} ELSE 0 END)"
        for one in (form.period, form.comparison)
    )
    columns = _columns(form.dimensions, source)
    inner = select(
        [*_shown(columns), f"COALESCE({now}, 0) AS actual", f"COALESCE({before}, 0) AS anterior"],
        source,
        _base(replace(form, period=both), source),
        _grouped(columns),
    )
    names = [name for _expression, name in columns]
    shown = [
        *names,
        "actual",
        "anterior",
        "actual - anterior AS diferencia",
        "ROUND(100.0 * (actual - anterior) / NULLIF(ABS(anterior), 0), 2) AS variacion_porcentual",
    ]
    order = [f"diferencia{'' if form.descending is False else ' DESC'}", *names] if names else []
    return select(shown, f"({inner}) AS periodos_comparados", (), (), (), order, form.limit)


def _bare(expression: str) -> str:
    return f"({expression})" if expression.startswith("CASE") else expression


def _earliest(one: Period, two: Period) -> dt.date | None:
    return None if one.first is None or two.first is None else min(one.first, two.first)


def _latest(one: Period, two: Period) -> dt.date | None:
    return None if one.last is None or two.last is None else max(one.last, two.last)


def _running(form: Form) -> str:
    """Return the balance at the end of each period in which something moved."""
    source = LINES if _needs_lines(form) else MONTHS
    whole = replace(form, period=None, dimensions=())
    unit = _columns(form.dimensions[:1] or (Dimension.MONTH,), source)
    (expression, name) = unit[0]
    signed = _side_of(form.filters.accounts)
    inner = select(
        [*_shown(unit), f"SUM({signed}) AS movimiento", f"SUM(SUM({signed})) OVER (ORDER BY {expression}) AS saldo"],
        source,
        _base(whole, source),
        [expression],
    )
    return select(
        [name, "movimiento", "saldo"],
        f"({inner}) AS acumulado",
        _in_span(form.period, name),
        (),
        (),
        [name],
        form.limit,
    )


def _in_span(period: Period | None, name: str) -> list[str]:
    if period is None:
        return []
    write: Callable[[dt.date], str] = {
        "mes": lambda day: f"{day:%Y-%m}",
        "anio": lambda day: f"{day:%Y}",
        "trimestre": lambda day: f"{day:%Y}-T{(day.month + 2) // 3}",
    }.get(name, lambda day: day.isoformat())
    made = [f"{name} >= {literal(write(period.first))}"] if period.first else []
    return made + ([f"{name} <= {literal(write(period.last))}"] if period.last else [])


# --- Ratios ----------------------------------------------------------------------------------------------

_ASSETS = "SUM(CASE WHEN partida = 'Activo' THEN debe - haber ELSE 0 END)"
_LIABILITIES = "SUM(CASE WHEN partida = 'Pasivo' THEN haber - debe ELSE 0 END)"
_INCOME = "SUM(CASE WHEN partida = 'Ingresos' THEN haber - debe ELSE 0 END)"
_PROFIT = "SUM(CASE WHEN partida IN ('Ingresos', 'Egresos') THEN haber - debe ELSE 0 END)"
# (the two sums, their names, the ratio's factor and name)
_RATIOS = {
    Metric.CURRENT_RATIO: (_ASSETS, "activo_corriente", _LIABILITIES, "pasivo_corriente", "1.0", 4, "liquidez"),
    Metric.WORKING_CAPITAL: (
        _ASSETS,
        "activo_corriente",
        _LIABILITIES,
        "pasivo_corriente",
        "1.0",
        2,
        "capital_de_trabajo",
    ),
    Metric.SOLVENCY: (_ASSETS, "activo", _LIABILITIES, "pasivo", "1.0", 4, "solvencia"),
    Metric.DEBT_RATIO: (_LIABILITIES, "pasivo", f"{_ASSETS} - {_LIABILITIES}", "patrimonio", "1.0", 4, "endeudamiento"),
    Metric.MARGIN: (_PROFIT, "resultado", _INCOME, "ingresos", "100.0", 2, "margen"),
}


def _ratio(form: Form) -> str:
    above, above_name, below, below_name, factor, places, name = _RATIOS[form.metric]
    source = _source(form)
    where = _where(form, source)
    if form.metric in {Metric.CURRENT_RATIO, Metric.WORKING_CAPITAL}:
        current = select(["codigo"], ACCOUNTS, ["corriente = 'Sí'"])
        where.insert(0, f"codigo IN ({current})")
    columns = _columns(form.dimensions, source)
    inner = select(
        [*_shown(columns), f"{above} AS {above_name}", f"{below} AS {below_name}"], source, where, _grouped(columns)
    )
    names = [one for _expression, one in columns]
    quotient = f"ROUND({factor} * {above_name} / NULLIF({below_name}, 0), {places}) AS {name}"
    if form.metric is Metric.WORKING_CAPITAL:
        quotient = f"{above_name} - {below_name} AS {name}"
    return select([*names, above_name, below_name, quotient], f"({inner}) AS sumas", (), (), (), names, form.limit)


def _share(form: Form) -> str:
    """Return a part's sum, the whole's, and the per cent that one is of the other; the part may lie outside."""
    source = _source(form)
    sums = [
        f"COALESCE(SUM(CASE WHEN {' AND '.join(_accounts(chosen))} THEN {_side_of(chosen)} ELSE 0 END), 0) AS {name}"
        for chosen, name in ((form.part, "parte"), (form.filters.accounts, "todo"))
    ]
    inner = select(sums, source, _base(form.with_filters(accounts=None), source))
    columns = ["parte", "todo AS total", "ROUND(100.0 * parte / NULLIF(todo, 0), 2) AS porcentaje"]
    return select(columns, f"({inner}) AS sumas")


def _side_of(chosen: AccountSet | None) -> str:
    return "debe - haber" if chosen is None or chosen.debit_side else "haber - debe"


# --- Entries and lines -----------------------------------------------------------------------------------

_ENTRY_COLUMNS = ("asiento_id", "numero", "fecha", "leyenda", "total", "estado", "usuario")
_LINE_COLUMNS = ("fecha", "asiento_id", "movimiento_id", "codigo", "cuenta", "leyenda", "debe", "haber")


def _entry_share(form: Form) -> str:
    """Return how many entries there are, how many of them are meant, and the per cent."""
    meant = f"COUNT(CASE WHEN {' AND '.join(_of_entry(form, ENTRIES))} THEN 1 END)"
    columns = [
        f"{meant} AS parte",
        "COUNT(*) AS total",
        f"ROUND(100.0 * {meant} / NULLIF(COUNT(*), 0), 2) AS porcentaje",
    ]
    return select(columns, ENTRIES, _dates(form.period, ENTRIES))


def _entries(form: Form) -> str:
    asked = form.filters
    if form.metric is Metric.SHARE:
        return _entry_share(form)
    source = LINES if Dimension.WEEKDAY in form.dimensions else ENTRIES
    where = _dates(form.period, source) + _of_entry(form, source)
    if asked.accounts is not None:
        side = [f"{asked.side} > 0"] if asked.side else []
        where.append(_in_entries(_accounts(asked.accounts) + side))
    where += bounded("total", asked.amount) + bounded("renglones", asked.lines)
    where += [f"(asiento_id = {asked.number} OR numero = {asked.number})"] if asked.number is not None else []
    columns = _columns(form.dimensions, source)
    measure, name = _entry_measure(form, source)
    if form.metric is Metric.LIST:
        return _entry_list(form, where)
    if form.metric is Metric.COUNT and form.aggregate is Aggregate.AVERAGE:
        counted = select([*_shown(columns), measure], source, where, _grouped(columns))
        return select(["AVG(asientos) AS promedio"], f"({counted}) AS cuentas_por_grupo")
    order = _order(form, name, columns) if columns else ()
    if Dimension.STUDENTS in form.dimensions and form.limit:
        where.append("grupo_alumnos <> ''")
    counted_by = "COUNT(DISTINCT asiento_id)" if source == LINES else "COUNT(*)"
    having = bounded(counted_by, asked.count) if columns else ()
    return select([*_shown(columns), measure], source, where, _grouped(columns), having, order, form.limit)


def _entry_measure(form: Form, source: str) -> tuple[str, str]:
    if form.metric is Metric.AMOUNT:
        function, name = {
            Aggregate.SUM: ("SUM", "importe"),
            Aggregate.AVERAGE: ("AVG", "promedio"),
            Aggregate.MAXIMUM: ("MAX", "maximo"),
            Aggregate.MINIMUM: ("MIN", "minimo"),
        }[form.aggregate]
        value = f"{function}(total)"
        return (f"COALESCE({value}, 0) AS {name}" if form.aggregate is Aggregate.SUM else f"{value} AS {name}"), name
    if form.metric is Metric.DATE:
        return ("MAX(fecha) AS fecha" if form.descending else "MIN(fecha) AS fecha"), "fecha"
    counted = "COUNT(DISTINCT asiento_id)" if source == LINES else "COUNT(*)"
    return f"{counted} AS asientos", "asientos"


def _entry_list(form: Form, where: list[str]) -> str:
    if form.columns and form.limit is None:
        return select(["DISTINCT " + form.columns[0], *form.columns[1:]], ENTRIES, where, (), (), list(form.columns))
    shown = [*form.columns, *(name for name in _ENTRY_COLUMNS if name not in form.columns)]
    if form.filters.lines is not None:
        shown.append("renglones")
    if form.filters.reversals:
        shown.append("revierte_a")
    return select(shown, ENTRIES, where, (), (), _list_order(form, "total", "asiento_id"), form.limit)


def _list_order(form: Form, value: str, key: str) -> list[str]:
    """Return the order of listed rows: newest first, or by amount where that was asked."""
    if form.by_date or form.descending is None:
        way = "" if form.descending is False else " DESC"
        return [f"fecha{way}", f"{key}{way}"]
    return [f"{value} DESC" if form.descending else value, key]


def _lines(form: Form) -> str:
    asked = form.filters
    where = _where(form, LINES)
    value = asked.side or "debe + haber"
    where += bounded(value, asked.amount)
    columns = _columns(form.dimensions, LINES)
    if form.metric is Metric.COUNT:
        order = _order(form, "movimientos", columns) if columns else ()
        return select(
            [*_shown(columns), "COUNT(*) AS movimientos"], LINES, where, _grouped(columns), (), order, form.limit
        )
    if form.metric is Metric.AMOUNT:
        return select([f"AVG({value}) AS promedio"], LINES, where)
    shown = list(_LINE_COLUMNS)
    if form.metric is Metric.DATE:
        return select(
            ["fecha", *(name for name in shown if name != "fecha")],
            LINES,
            where,
            (),
            (),
            _list_order(form, value, "movimiento_id"),
            form.limit or 1,
        )
    chosen = asked.accounts
    if form.metric is Metric.BOTH and chosen is not None and chosen.is_one:
        return _ledger(form)
    return select(shown, LINES, where, (), (), _list_order(form, value, "movimiento_id"), form.limit)


def _ledger(form: Form) -> str:
    """Return an account's lines in order of date with the balance after each, what came before it included."""
    signed = _side_of(form.filters.accounts)
    everything = _where(replace(form, period=None), LINES)
    inner = select(
        [*_LINE_COLUMNS, f"SUM({signed}) OVER (ORDER BY fecha, movimiento_id) AS saldo_acumulado"], LINES, everything
    )
    return select(
        [*_LINE_COLUMNS, "saldo_acumulado"],
        f"({inner}) AS mayor",
        _dates(form.period, LINES),
        (),
        (),
        ["fecha", "movimiento_id"],
        form.limit,
    )


def _counter(form: Form) -> str:
    itself = _accounts(form.filters.accounts)
    entries = itself + _dates(form.period, LINES) + _of_entry(form, LINES)
    entries += [f"{form.filters.side} > 0"] if form.filters.side else []
    where = [_in_entries(entries), f"NOT ({' AND '.join(itself)})"]
    return select(
        ["codigo", "cuenta", "COUNT(*) AS movimientos", "SUM(debe) AS debe", "SUM(haber) AS haber"],
        LINES,
        where,
        ["codigo", "cuenta"],
        (),
        [f"movimientos{'' if form.descending is False else ' DESC'}", "codigo"],
        form.limit,
    )


# --- Accounts, people, periods ---------------------------------------------------------------------------


def _account_list(form: Form) -> str:
    asked = form.filters
    where = ["imputable = 'Sí'", *_accounts(asked.accounts)]
    where += [f"NOT ({condition})" for condition in _accounts(asked.without)]
    if asked.accounts is not None and not asked.accounts.column and form.columns:
        where = _accounts(asked.accounts)
    where += [f"activa = {literal(asked.active)}"] if asked.active else []
    where += ["saldo < 0"] if asked.negative else []
    where += [{"debe": "debe > haber", "haber": "haber > debe"}[asked.side]] if asked.side else []
    where += ["saldo <> 0"] if asked.moved else []
    where += [f"naturaleza = {literal(asked.nature)}"] if asked.nature else []
    where += _moved(form) if asked.used else []
    where += bounded("saldo", asked.amount)
    if asked.idle:
        where += _never_moved(form)
    if form.metric is Metric.COUNT and form.columns:
        return select([f"COUNT(DISTINCT {form.columns[0]}) AS cantidad"], ACCOUNTS, where)
    if form.metric is Metric.COUNT:
        columns = _columns(form.dimensions, ACCOUNTS)
        order = _order(form, "cuentas", columns) if columns else ()
        return select(
            [*_shown(columns), "COUNT(*) AS cuentas"], ACCOUNTS, where, _grouped(columns), (), order, form.limit
        )
    shown = ["codigo", "nombre", *(form.columns or ("partida", "rubro", "saldo"))]
    order = ["codigo"] if form.descending is None else [f"saldo{' DESC' if form.descending else ''}", "codigo"]
    return select(list(dict.fromkeys(shown)), ACCOUNTS, where, (), (), order, form.limit)


def _moved(form: Form) -> list[str]:
    if form.period is None:
        return ["debe + haber > 0"]
    source = MONTHS if _is_whole_months(form.period) else LINES
    return [f"codigo IN ({select(['codigo'], source, _dates(form.period, source))})"]


def _never_moved(form: Form) -> list[str]:
    if form.period is None:
        return ["debe = 0", "haber = 0"]
    source = MONTHS if _is_whole_months(form.period) else LINES
    return [f"codigo NOT IN ({select(['codigo'], source, _dates(form.period, source))})"]


def _people(form: Form) -> str:
    asked = form.filters
    where = [
        any_of(column, values)
        for column, values in (("nombre", asked.users), ("grupo_alumnos", asked.groups))
        if values
    ]
    where += [f"rol = {literal(asked.role)}"] if asked.role else []
    where += [f"activo = {literal(asked.active)}"] if asked.active else []
    if asked.idle:
        recorded = select(["usuario"], ENTRIES, _dates(form.period, ENTRIES))
        where.append(f"nombre NOT IN ({recorded})")
    columns = _columns(form.dimensions, PEOPLE)
    if form.dimensions and Dimension.STUDENTS in form.dimensions:
        where.append("grupo_alumnos <> ''")
    if form.metric is Metric.COUNT:
        order = _order(form, "usuarios", columns) if columns else ()
        return select(
            [*_shown(columns), "COUNT(*) AS usuarios"], PEOPLE, where, _grouped(columns), (), order, form.limit
        )
    if form.metric is Metric.DATE:  # the groups themselves are counted
        return select(["COUNT(DISTINCT grupo_alumnos) AS grupos"], PEOPLE, [*where, "grupo_alumnos <> ''"])
    if columns:
        return select(
            [*_shown(columns), "COUNT(*) AS usuarios"], PEOPLE, where, _grouped(columns), (), _grouped(columns)
        )
    shown = dict.fromkeys(["nombre", *(form.columns or ("rol", "grupo_alumnos", "activo"))])
    return select(list(shown), PEOPLE, where, (), (), ["nombre"], form.limit)


def _period_list(form: Form) -> str:
    where = [f"tipo = {literal(form.columns[0])}"] if form.columns else []
    where += [f"estado = {literal(form.filters.states[0])}"] if form.filters.states else []
    if form.period is not None and form.period.first is not None:
        where += (
            [f"mes = {literal(f'{form.period.first:%Y-%m}')}"]
            if form.period.months == 1
            else [f"anio = {form.period.first.year}"]
        )
    if form.metric is Metric.COUNT:
        return select(["COUNT(*) AS periodos"], PERIODS, where)
    return select(["tipo", "anio", "mes", "estado"], PERIODS, where, (), (), ["anio", "mes"])


_COMPILERS: dict[Shape, Callable[[Form], str]] = {
    Shape.TOTAL: _total,
    Shape.BALANCE: _total,
    Shape.RESULT: _total,
    Shape.RUNNING: _running,
    Shape.RATIO: _ratio,
    Shape.SHARE: _share,
    Shape.ENTRIES: _entries,
    Shape.LINES: _lines,
    Shape.COUNTER: _counter,
    Shape.ACCOUNTS: _account_list,
    Shape.PEOPLE: _people,
    Shape.PERIODS: _period_list,
}
