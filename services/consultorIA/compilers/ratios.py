"""SQL of ratios of the statements and of parts of a whole."""

from __future__ import annotations

from services.consultorIA.compilers.conditions import (
    ACCOUNTS,
    columns_of,
    conditions,
    grouped_by,
    of_accounts,
    shown_columns,
    side_of,
    source_of,
)
from services.consultorIA.compilers.totals import of_base
from services.consultorIA.forms import Form, Metric
from services.consultorIA.sql_text import select

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


def _gross(form: Form) -> str:
    """Return sales, their cost, what is left and the per cent of sales that it is."""
    source = source_of(form)
    columns = columns_of(form.dimensions, source)
    sums = [
        f"COALESCE(SUM(CASE WHEN {' AND '.join(of_accounts(chosen))} THEN {side} ELSE 0 END), 0) AS {name}"
        for chosen, side, name in (
            (form.filters.accounts, "haber - debe", "ventas"),
            (form.part, "debe - haber", "costo"),
        )
    ]
    where = of_base(form.with_filters(accounts=None), source)
    inner = select([*shown_columns(columns), *sums], source, where, grouped_by(columns))
    names = [one for _expression, one in columns]
    left = ["ventas - costo AS ganancia_bruta", "ROUND(100.0 * (ventas - costo) / NULLIF(ventas, 0), 2) AS margen"]
    return select([*names, "ventas", "costo", *left], f"({inner}) AS sumas", (), (), (), names, form.limit)


def ratio(form: Form) -> str:
    """Return the SELECT of a ratio with the two sums it is made of."""
    if form.metric is Metric.GROSS:
        return _gross(form)
    above, above_name, below, below_name, factor, places, name = _RATIOS[form.metric]
    source = source_of(form)
    where = conditions(form, source)
    if form.metric in {Metric.CURRENT_RATIO, Metric.WORKING_CAPITAL}:
        current = select(["codigo"], ACCOUNTS, ["corriente = 'Sí'"])
        where.insert(0, f"codigo IN ({current})")
    columns = columns_of(form.dimensions, source)
    inner = select(
        [*shown_columns(columns), f"{above} AS {above_name}", f"{below} AS {below_name}"],
        source,
        where,
        grouped_by(columns),
    )
    names = [one for _expression, one in columns]
    quotient = f"ROUND({factor} * {above_name} / NULLIF({below_name}, 0), {places}) AS {name}"
    if form.metric is Metric.WORKING_CAPITAL:
        quotient = f"{above_name} - {below_name} AS {name}"
    return select([*names, above_name, below_name, quotient], f"({inner}) AS sumas", (), (), (), names, form.limit)


def share(form: Form) -> str:
    """Return a part's sum, the whole's, and the per cent that one is of the other; the part may lie outside."""
    source = source_of(form)
    sums = [
        f"COALESCE(SUM(CASE WHEN {' AND '.join(of_accounts(chosen))} THEN {side_of(chosen)} ELSE 0 END), 0) AS {name}"
        for chosen, name in ((form.part, "parte"), (form.filters.accounts, "todo"))
    ]
    inner = select(sums, source, of_base(form.with_filters(accounts=None), source))
    columns = ["parte", "todo AS total", "ROUND(100.0 * parte / NULLIF(todo, 0), 2) AS porcentaje"]
    return select(columns, f"({inner}) AS sumas")
