"""Figures, dates and forms in Spanish, as Argentines write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.consultorIA.forms import AccountSet, Aggregate, Dimension, Filters, Form, Metric, Shape
from services.consultorIA.periods import MONTHS, Period

_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_DIMENSIONS = {
    Dimension.ACCOUNT: "cuenta",
    Dimension.RUBRO: "rubro",
    Dimension.GROUP: "grupo de cuentas",
    Dimension.PARTIDA: "partida",
    Dimension.MONTH: "mes",
    Dimension.QUARTER: "trimestre",
    Dimension.YEAR: "año",
    Dimension.DAY: "día",
    Dimension.WEEK: "semana",
    Dimension.WEEKDAY: "día de la semana",
    Dimension.USER: "usuario",
    Dimension.STUDENTS: "grupo de alumnos",
    Dimension.STATE: "estado",
    Dimension.KIND: "tipo",
    Dimension.ROLE: "rol",
}
_ORDINALS = ("primer", "segundo", "tercer", "cuarto")
_PLURALS = {
    Dimension.ACCOUNT: "cuentas",
    Dimension.RUBRO: "rubros",
    Dimension.GROUP: "grupos de cuentas",
    Dimension.PARTIDA: "partidas",
    Dimension.MONTH: "meses",
    Dimension.QUARTER: "trimestres",
    Dimension.YEAR: "años",
    Dimension.DAY: "días",
    Dimension.WEEK: "semanas",
    Dimension.WEEKDAY: "días de la semana",
    Dimension.USER: "usuarios",
    Dimension.STUDENTS: "grupos de alumnos",
    Dimension.STATE: "estados",
    Dimension.KIND: "tipos",
    Dimension.ROLE: "roles",
}
_FEMININE = frozenset({Dimension.ACCOUNT, Dimension.PARTIDA, Dimension.WEEK})
_RATIOS = {
    Metric.CURRENT_RATIO: ("la liquidez corriente", "activo corriente ÷ pasivo corriente"),
    Metric.WORKING_CAPITAL: ("el capital de trabajo", "activo corriente − pasivo corriente"),
    Metric.SOLVENCY: ("la solvencia", "activo ÷ pasivo"),
    Metric.DEBT_RATIO: ("el endeudamiento", "pasivo ÷ (activo − pasivo)"),
    Metric.GROSS: ("la ganancia bruta", "ventas − costo de ventas"),
    Metric.MARGIN: ("el margen de ganancia", "resultado ÷ ingresos"),
}


def money(amount: Decimal) -> str:
    """Return pesos as `$ 1.234,56`."""
    return f"{'-' if amount < 0 else ''}$ {_grouped(abs(amount), 2)}"


def number(value: float | Decimal) -> str:
    """Return a number with a decimal comma, without idle zeros."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    text = _grouped(Decimal(str(value)), 4)
    return text.rstrip("0").rstrip(",")


def percent(value: float | Decimal) -> str:
    """Return a percentage: `12,5 %`."""
    return f"{number(value)} %"


def _grouped(value: Decimal, places: int) -> str:
    whole, _dot, decimals = f"{value:,.{places}f}".partition(".")
    return f"{whole.replace(',', '.')},{decimals}"


def cell(value: object, kind: str, name: str = "") -> str:
    """Return a cell as it stands in a sentence."""
    if value is None:
        return "sin dato"
    if kind == "money" and isinstance(value, Decimal):
        return money(value)
    if kind in {"number", "count"} and isinstance(value, (int, float, Decimal)):
        return percent(value) if name in {"porcentaje", "margen", "variacion_porcentual"} else number(value)
    if kind == "date":
        return f"semana del {day(str(value))}" if name == "semana" else day(str(value))
    if kind == "month":
        return month(str(value))
    if name == "trimestre":
        return quarter(str(value))
    if name == "dia_semana" and str(value) in "1234567":
        return _WEEKDAYS[int(str(value)) - 1]
    return str(value) or ("(sin grupo)" if name == "grupo_alumnos" else "(sin nombre)")


def day(text: str) -> str:
    """Return an ISO date as d/m/yyyy."""
    try:
        made = dt.date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{made.day}/{made.month}/{made.year}"


def month(text: str) -> str:
    """Return YYYY-MM as `marzo de 2025`."""
    year, _dash, number_ = text.partition("-")
    return f"{MONTHS[int(number_) - 1]} de {year}" if number_.isdigit() and 1 <= int(number_) <= 12 else text


def quarter(text: str) -> str:
    """Return YYYY-T1 as `primer trimestre de YYYY`."""
    year, _dash, number_ = text.partition("-T")
    return f"{_ORDINALS[int(number_) - 1]} trimestre de {year}" if number_ in {"1", "2", "3", "4"} else text


def when(period: Period | None) -> str:
    """Return a period with its preposition: `en marzo de 2025`, `al 30/6/2025`."""
    if period is None:
        return ""
    words = period.words()
    if period.first is None and period.last is not None:
        return f"al {words.removeprefix('hasta el ')}"
    if words.startswith(("del ", "desde ")) or (words.startswith("el ") and words[3].isdigit()):
        return words
    return f"de {words}" if " a " in words else f"en {words}"


def subject(form: Form) -> str:
    """Return what is measured, with its article: `el gasto en Alquileres`."""
    accounts = form.filters.accounts
    if form.shape is Shape.RESULT:
        return "el resultado (ingresos menos egresos)"
    if form.shape is Shape.RATIO:
        return _RATIOS[form.metric][0]
    if form.shape in {Shape.BALANCE, Shape.RUNNING}:
        return f"el saldo de {_of(accounts)}"
    if form.metric in {Metric.DEBIT, Metric.CREDIT}:
        return f"el total al {form.metric.value} de {_of(accounts)}"
    if form.metric is Metric.MOVES:
        return f"el movimiento de {_of(accounts)}"
    if form.metric is Metric.BOTH:
        return f"los totales al debe y al haber de {_of(accounts)}"
    return _flow(accounts)


def _of(accounts: AccountSet | None) -> str:
    return "todas las cuentas" if accounts is None else accounts.label


def _using(form: Form) -> str:
    """Return which accounts entries have: the one, or both of two."""
    accounts, beside = form.filters.accounts, form.filters.beside
    if accounts is None:
        return ""
    return f" que usan {accounts.label}" + (f" junto con {beside.label}" if beside is not None else "")


def of_accounts(form: Form) -> str:
    """Return of which accounts rows are, with its blank: ` con Caja`, ` de Caja`; empty for all."""
    accounts, beside = form.filters.accounts, form.filters.beside
    if accounts is None:
        return ""
    if form.shape is Shape.ENTRIES:
        return f" con {accounts.label}" + (f" y {beside.label}" if beside is not None else "")
    return f" de {accounts.label}" if form.shape in {Shape.LINES, Shape.ACCOUNTS} else ""


def _flow(accounts: AccountSet | None) -> str:
    if accounts is None:
        return "el movimiento neto"
    whole = accounts.column == "partida"
    if accounts.partida == "Egresos":
        return "el total de egresos" if whole else f"el gasto en {accounts.label}"
    if accounts.partida == "Ingresos":
        return "el total de ingresos" if whole else f"el ingreso por {accounts.label}"
    return f"el movimiento neto de {accounts.label}"


def filters(asked: Filters) -> list[str]:
    """Return what narrows the rows, each in words."""
    made = []
    if asked.users:
        made.append(f"de {_joined(asked.users)}")
    if asked.groups:
        made.append(f"del grupo {_joined(asked.groups)}")
    if asked.states:
        made.append(f"en estado {_joined(asked.states, 'o')}")
    if asked.legends:
        made.append(f"con «{'» y «'.join(asked.legends)}» en la leyenda")
    if asked.amount is not None:
        made.append(asked.amount.words(money))
    if asked.lines is not None:
        made.append(asked.lines.words(lambda value: f"{value} renglones"))
    if asked.count is not None:
        made.append(asked.count.words(lambda value: f"{value} asientos"))
    if asked.number is not None:
        made.append(f"número {asked.number}")
    if asked.without is not None:
        made.append(f"sin {asked.without.label}")
    if asked.weekdays:
        made.append(f"los días {_joined([_WEEKDAYS[one - 1] for one in asked.weekdays])}")
    made += [
        words
        for is_so, words in (
            (asked.side, f"del lado del {asked.side}"),
            (asked.reversals, "de anulación"),
            (asked.kinds, f"de tipo {' o '.join(asked.kinds)}"),
            (asked.idle, "sin movimientos"),
            (asked.used, "con movimientos"),
            (asked.nature, f"de naturaleza {asked.nature.lower()}"),
            (asked.negative, "con saldo contrario a su naturaleza"),
            (asked.moved, "con saldo"),
            (asked.active == "No", "inactivas"),
            (asked.active == "Sí", "activas"),
            (asked.role, f"con rol {asked.role}"),
            (asked.without_closings, "sin los asientos de cierre"),
        )
        if is_so
    ]
    return made


def _joined(items: tuple[str, ...] | list[str], word: str = "y") -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def interpretation(form: Form, notes: tuple[str, ...] = ()) -> str:
    """Return how a question was understood, for the asker to check."""
    parts = [_asked(form)]
    if form.dimensions:
        unit = [_DIMENSIONS[one] for one in form.dimensions]
        if form.aggregate is Aggregate.AVERAGE:
            parts.append(f"promedio por {unit.pop(0)}")
        parts += [f"por {one}" for one in unit]
    parts.append(when(form.period) or _without_period(form))
    if form.comparison is not None:
        parts.append(f"comparado con {form.comparison.words()}")
    parts += filters(form.filters)
    if form.by_date:
        parts.append("del más antiguo" if form.descending is False else "del más nuevo")
    elif form.descending is not None and form.metric is not Metric.DATE:
        parts.append("de mayor a menor" if form.descending else "de menor a mayor")
    if form.limit:
        parts.append("el primero" if form.limit == 1 else f"los primeros {form.limit}")
    text = "; ".join(part for part in parts if part)
    said = [text, *notes]
    return " ".join(f"{one[0].upper()}{one[1:]}." for one in said if one)


def _without_period(form: Form) -> str:
    if form.shape in {Shape.ACCOUNTS, Shape.PEOPLE, Shape.PERIODS}:
        return ""
    stock = form.shape is Shape.BALANCE or (
        form.shape is Shape.RATIO and form.metric not in {Metric.MARGIN, Metric.GROSS}
    )
    return "hasta hoy" if stock else "en todos los períodos"


def _asked(form: Form) -> str:
    accounts = form.filters.accounts
    of_accounts = f" de {accounts.label}" if accounts is not None else ""
    if form.shape is Shape.RATIO:
        return f"{_RATIOS[form.metric][0]} ({_RATIOS[form.metric][1]})"
    if form.shape is Shape.SHARE:
        return f"qué parte de {_of(accounts)} es {form.part.label if form.part else ''}"
    if form.shape is Shape.ENTRIES:
        kind = {
            Metric.COUNT: "cantidad de asientos",
            Metric.AMOUNT: "importe de los asientos",
            Metric.DATE: "fecha del asiento",
        }
        return kind.get(form.metric, "asientos") + _using(form)
    if form.shape is Shape.LINES:
        return ("cantidad de movimientos" if form.metric is Metric.COUNT else "movimientos") + of_accounts
    if form.shape is Shape.COUNTER:
        return f"cuentas que se movieron junto con {_of(accounts)}"
    if form.shape is Shape.ACCOUNTS:
        return ("cantidad de cuentas" if form.metric is Metric.COUNT else "cuentas") + of_accounts
    if form.shape is Shape.PEOPLE:
        return "cantidad de usuarios" if form.metric is Metric.COUNT else "usuarios"
    return "períodos contables" if form.shape is Shape.PERIODS else subject(form)


def dimension(one: Dimension) -> str:
    """Return a dimension's name."""
    return _DIMENSIONS[one]


def counted_groups(one: Dimension, count: int) -> str:
    """Return how many groups of a dimension there are: `6 cuentas`."""
    return f"{number(count)} {_DIMENSIONS[one] if count == 1 else _PLURALS[one]}"


def most(one: Dimension, *, most: bool) -> str:
    """Return how the largest or smallest group is called: `la mayor`, `quien más tiene`."""
    if one is Dimension.USER:
        return "quien más tiene" if most else "quien menos tiene"
    return f"{'la' if one in _FEMININE else 'el'} {'mayor' if most else 'menor'}"


def of_whom(form: Form) -> str:
    """Return the accounts that a form is about."""
    return _of(form.filters.accounts)
