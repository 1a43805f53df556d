"""Three companies' books, the same at each run: a shop, a studio, a class; unlike in size, chart and legends."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.consultor.charts import MEANINGS, SCHOOL, SERVICES
from services.consultorIA.sample import SampleAccount, SampleBooks, SampleEntry, SampleUser, read_chart

TODAY = dt.date(2025, 9, 17)
FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 9, 16)
_PLAN = Path(__file__).resolve().parents[2] / "apps" / "accounts" / "data" / "plan_de_cuentas.csv"
# u1, u2 and g1 in the questions.
PEOPLE = {
    "comercio": (("Marta Benítez", "Jorge Paz"), "Sucursal Centro"),
    "servicios": (("Nicolás Ferro", "Ana Clara Sosa"), "Administración"),
    "escuela": (("Valentina Ríos", "Bruno Acosta"), "3ro A"),
}
_LEGENDS = {
    "sueldos": ("Sueldos del mes", "Liquidación de haberes", "Devengamiento de sueldos"),
    "alquiler": ("Alquiler del local", "Pago de alquiler mensual", "Recibo alquiler oficina"),
    "luz": ("Factura de luz", "Servicio eléctrico", "Edesur bimestre"),
    "publicidad": ("Campaña en redes", "Publicidad radial", "Volantes"),
    "seguros": ("Póliza de seguro", "Seguro integral de comercio"),
    "honorarios": ("Honorarios estudio contable", "Honorarios profesionales"),
}
_CODES = {
    name: {word: condition.split("'")[1] for word, condition in meanings.items() if condition.startswith("codigo")}
    for name, meanings in MEANINGS.items()
}
_SALES = {"comercio": ("41101", "41103"), "servicios": ("4.1.1.01", "4.1.1.04"), "escuela": ("411001", "411001")}
_MORE_SALES = {"comercio": "41102", "servicios": "4.1.1.02", "escuela": "411001"}
_SECOND_BANK = {"comercio": "11105", "servicios": "1.1.1.03", "escuela": "111002"}


def plan() -> tuple[SampleAccount, ...]:
    """Return the default chart."""
    with _PLAN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows = [row for row in rows if row[0].isdigit()]
    lines = []
    for code, name, kind, nature, liquidity, *_rest in rows:
        usual = "deudora" if kind in {"activo", "egreso"} else "acreedora"
        marks = ("" if nature == usual else "-") + ("~" if liquidity == "no_corriente" else "")
        lines.append(f"{code}{marks} {name}")
    return read_chart("\n".join(lines))


def companies() -> dict[str, SampleBooks]:
    """Return the books by company."""
    return {
        "comercio": _books(
            "comercio",
            plan(),
            11,
            1_800,
            ("Marta Benítez", "Jorge Paz", "Elsa Quiroga"),
            ("Sucursal Centro", "Sucursal Norte"),
        ),
        "servicios": _books(
            "servicios",
            read_chart(SERVICES),
            23,
            900,
            ("Nicolás Ferro", "Ana Clara Sosa", "Pablo Luna", "Rocío Vera"),
            ("Administración", "Ventas internas"),
        ),
        "escuela": _books(
            "escuela",
            read_chart(SCHOOL),
            37,
            420,
            ("Valentina Ríos", "Bruno Acosta", "Camila Ojeda", "Lautaro Vega", "Milagros Soto", "Joaquín Ferreyra"),
            ("3ro A", "3ro B", "4to A"),
        ),
    }


def _books(  # noqa: PLR0917 - what tells the companies apart
    name: str, chart: tuple[SampleAccount, ...], seed: int, size: int, people: Sequence[str], groups: Sequence[str]
) -> SampleBooks:
    dice = random.Random(seed)
    users = [SampleUser("Profesor Titular", 0)]
    users += [SampleUser(person, 2, groups[index % len(groups)]) for index, person in enumerate(people)]
    users.append(SampleUser("Zoe Sinasientos", 2, groups[0]))
    entries = list(_entries(name, dice, size, len(people)))
    entries.sort(key=lambda entry: entry.date)
    entries += list(_reversals(entries))
    closed = tuple((2024, month) for month in range(1, 13))
    inactive = frozenset(
        account.code
        for account in chart
        if account.postable
        and dice.random() < 0.06
        and account.code not in {*_CODES[name].values(), *_SALES[name], _MORE_SALES[name], _SECOND_BANK[name]}
    )
    return SampleBooks(name, chart, tuple(users), tuple(entries), closed, inactive)


def _entries(name: str, dice: random.Random, size: int, people: int) -> Iterator[SampleEntry]:
    codes = _CODES[name]
    opening = ((codes["caja"], 500_000_00, 0), (codes["bancos"], 4_000_000_00, 0), (codes["capital"], 0, 4_500_000_00))
    yield SampleEntry(FIRST, "Aporte inicial de capital", 0, 2, opening)
    span = (LAST - FIRST).days
    for _number in range(size):
        day = FIRST + dt.timedelta(days=dice.randrange(span + 1))
        if day.weekday() == 6 and dice.random() < 0.8:
            continue
        legend, lines = _event(name, dice, codes)
        yield SampleEntry(
            day, legend, 1 + min(dice.randrange(people), dice.randrange(people)), _status(day, dice), lines
        )
    for month in range(21):
        yield from _monthly(dt.date(2024 + month // 12, month % 12 + 1, 3), dice, codes, people)


def _status(day: dt.date, dice: random.Random) -> int:
    if day.year == 2024:
        return 2
    if day.month < 6:
        return 2 if dice.random() < 0.3 else 1
    return 1 if dice.random() < (0.75 if day.month < 9 else 0.3) else 0


def _monthly(day: dt.date, dice: random.Random, codes: dict[str, str], people: int) -> Iterator[SampleEntry]:
    for word, against, base in (
        ("sueldos", "sueldos_pagar", 900_000_00),
        ("alquiler", "bancos", 350_000_00),
        ("luz", "bancos", 42_000_00),
        ("seguros", "bancos", 28_000_00),
        ("honorarios", "caja", 60_000_00),
        ("publicidad", "caja", 55_000_00),
    ):
        amount = base + dice.randrange(1, base // 3)
        when = day + dt.timedelta(days=dice.randrange(20))
        if when <= LAST:
            yield SampleEntry(
                when,
                dice.choice(_LEGENDS[word]),
                1 + dice.randrange(people),
                _status(when, dice),
                ((codes[word], amount, 0), (codes[against], 0, amount)),
            )


def _event(name: str, dice: random.Random, codes: dict[str, str]) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    amount = dice.randrange(5_000_00, 260_000_00) if dice.random() < 0.95 else dice.randrange(900_000_00, 2_400_000_00)
    kind = dice.random()
    sales, returns = _SALES[name]
    if kind < 0.45:
        where = dice.choice(("caja", "clientes", "bancos"))
        return (
            dice.choice(("Venta de mostrador", "Factura de venta", "Venta del día")),
            ((codes[where], amount, 0), (sales, 0, amount)),
        )
    if kind < 0.52:
        return "Venta especial", ((codes["clientes"], amount, 0), (_MORE_SALES[name], 0, amount))
    if kind < 0.55 and returns != sales:
        return "Nota de crédito", ((returns, amount // 10, 0), (codes["caja"], 0, amount // 10))
    if kind < 0.70:
        tax = amount * 21 // 121
        return (
            "Compra a proveedor con IVA",
            ((codes["mercaderias"], amount - tax, 0), (codes["iva_cf"], tax, 0), (codes["proveedores"], 0, amount)),
        )
    if kind < 0.80:
        return "Cobranza de clientes", ((codes["caja"], amount // 2, 0), (codes["clientes"], 0, amount // 2))
    if kind < 0.90:
        third = amount // 3
        return (
            "Pago a proveedores",
            (
                (codes["proveedores"], 3 * third, 0),
                (codes["caja"], 0, third),
                (codes["bancos"], 0, third),
                (_SECOND_BANK[name], 0, third),
            ),
        )
    if kind < 0.94:
        return "Préstamo recibido", ((_SECOND_BANK[name], amount, 0), (codes["prestamos"], 0, amount))
    if kind < 0.96:
        return "Compra de rodado", ((codes["rodados"], amount, 0), (codes["bancos"], 0, amount))
    return "Pago de sueldos", ((codes["sueldos_pagar"], amount, 0), (codes["bancos"], 0, amount))


def _reversals(entries: Sequence[SampleEntry]) -> Iterator[SampleEntry]:
    """Mirror a few closed entries of 2025, dated some days later."""
    closed = [index for index, entry in enumerate(entries) if entry.status == 2 and entry.date.year == 2025][::25]
    for index in closed:
        entry = entries[index]
        mirrored = tuple((code, credit, debit) for code, debit, credit in entry.lines)
        yield SampleEntry(entry.date + dt.timedelta(days=4), f"Anula: {entry.legend}", entry.user, 2, mirrored, index)
