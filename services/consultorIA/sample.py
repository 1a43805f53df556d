"""Books made up in a file: for the demo without a database, for tests and for the evaluation.

A chart is written as text, one account a line: `code name`, with `-` after the code where the nature is
not its partida's and `~` where it is not current. An account that others extend is a heading.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.consultorIA.text import fold

KINDS = {"1": "activo", "2": "pasivo", "3": "patrimonio", "4": "ingreso", "5": "egreso"}
DEBIT_KINDS = frozenset({"activo", "egreso"})


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """An account or heading; `parent` is a code, empty at the top."""

    code: str
    name: str
    kind: str
    debit_nature: bool
    postable: bool
    parent: str
    current: bool | None


@dataclass(frozen=True, slots=True)
class SampleUser:
    """Someone who records; `rol` as on the wire."""

    name: str
    rol: int = 2
    group: str = ""


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """A transaction: lines are (code, centavos at debe, centavos at haber); `reverses` is an index."""

    date: dt.date
    legend: str
    user: int
    status: int
    lines: tuple[tuple[str, int, int], ...]
    reverses: int | None = None

    @property
    def total(self) -> int:
        """Centavos on each side."""
        return sum(debit for _code, debit, _credit in self.lines)


@dataclass(frozen=True, slots=True)
class SampleBooks:
    """A company's books."""

    name: str
    accounts: tuple[SampleAccount, ...]
    users: tuple[SampleUser, ...]
    entries: tuple[SampleEntry, ...]
    closed_months: tuple[tuple[int, int], ...] = ()
    inactive: frozenset[str] = field(default_factory=frozenset)


def read_chart(text: str) -> tuple[SampleAccount, ...]:
    """Return the accounts of a chart written as text."""
    rows = [line.split(maxsplit=1) for line in text.strip().splitlines()]
    codes = [code.rstrip("-~") for code, _name in rows]
    made = []
    for marked, name in rows:
        code = marked.rstrip("-~")
        kind = KINDS[code[0]]
        above = max((one for one in codes if one != code and _extends(code, one)), key=len, default="")
        current = None if kind not in {"activo", "pasivo"} or not above else "~" not in marked
        made.append(
            SampleAccount(
                code,
                name,
                kind,
                (kind in DEBIT_KINDS) != ("-" in marked),
                not any(_extends(one, code) for one in codes if one != code),
                above,
                current,
            )
        )
    return tuple(made)


def _extends(code: str, heading: str) -> bool:
    return code.startswith(f"{heading}.") if "." in code or "." in heading else code.startswith(heading)


# --- Writing ---------------------------------------------------------------------------------------------

_TABLES = """
CREATE TABLE companies (company_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE config (config_id INTEGER PRIMARY KEY, system_mode INTEGER);
CREATE TABLE users (user_id INTEGER PRIMARY KEY, company_id INTEGER, name TEXT, email TEXT, password TEXT, rol INTEGER,
  "group" TEXT, status INTEGER);
CREATE TABLE accounts (acc_id INTEGER PRIMARY KEY, company_id INTEGER, code TEXT, name TEXT, nature INTEGER, kind TEXT,
  status INTEGER, postable INTEGER, parent_id INTEGER, liquidity TEXT, monetary INTEGER, debits INTEGER,
  credits INTEGER);
CREATE TABLE account_months (id INTEGER PRIMARY KEY, account_id INTEGER, month TEXT, debits INTEGER, credits INTEGER);
CREATE TABLE periods (period_id INTEGER PRIMARY KEY, company_id INTEGER, kind TEXT, year INTEGER, month INTEGER,
  status TEXT);
CREATE TABLE transactions (trans_id INTEGER PRIMARY KEY, company_id INTEGER, user_id INTEGER, status INTEGER,
  date TEXT, legend TEXT, search_text TEXT, kind TEXT, reverses_id INTEGER, number INTEGER,
  total INTEGER, entries_count INTEGER, created_at TEXT);
CREATE TABLE transaction_entries (entr_id INTEGER PRIMARY KEY, transaction_id INTEGER, account_id INTEGER, date TEXT,
  debit INTEGER, credit INTEGER);
CREATE TABLE transaction_tallies (id INTEGER PRIMARY KEY, company_id INTEGER, user_id INTEGER, count INTEGER);
CREATE INDEX entries_by_account ON transaction_entries (account_id, date);
CREATE INDEX entries_by_transaction ON transaction_entries (transaction_id);
"""


def write(path: Path, companies: Sequence[SampleBooks]) -> None:
    """Write books into a new SQLite file, in the tables that the views are made from; companies are 1, 2..."""
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO config VALUES (1, 0)")
        for number, books in enumerate(companies, 1):
            _write_company(connection, number, books)
    connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(" ".join(["INSERT INTO", table, "VALUES", f"({marks})"]), rows)


def _write_company(connection: sqlite3.Connection, company: int, books: SampleBooks) -> None:
    base = company * 1_000_000
    keys = {account.code: base + index for index, account in enumerate(books.accounts, 1)}
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    months: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for entry in books.entries:
        for code, debit, credit in entry.lines:
            for held in (totals[code], months[code, f"{entry.date:%Y-%m}-01"]):
                held[0] += debit
                held[1] += credit
    _insert(connection, "companies", [(company, books.name)])
    _insert(
        connection,
        "users",
        [
            (
                base + index,
                company,
                user.name,
                f"persona{index}@mosaite.example",
                "argon2$secreto",
                user.rol,
                user.group,
                0,
            )
            for index, user in enumerate(books.users, 1)
        ],
    )
    _insert(
        connection,
        "accounts",
        [
            (
                keys[one.code],
                company,
                one.code,
                one.name,
                one.debit_nature,
                one.kind,
                one.code not in books.inactive,
                one.postable,
                keys.get(one.parent),
                {True: "corriente", False: "no_corriente", None: ""}[one.current],
                0,
                *totals[one.code],
            )
            for one in books.accounts
        ],
    )
    _insert(
        connection,
        "account_months",
        [(None, keys[code], month, debit, credit) for (code, month), (debit, credit) in sorted(months.items())],
    )
    _insert(
        connection, "periods", [(None, company, "month", year, month, "closed") for year, month in books.closed_months]
    )
    _write_entries(connection, company, books, keys)


def _write_entries(connection: sqlite3.Connection, company: int, books: SampleBooks, keys: dict[str, int]) -> None:
    base = company * 1_000_000
    numbers: dict[int, int] = defaultdict(int)
    tallies: dict[int, int] = defaultdict(int)
    headers: list[Sequence[object]] = []
    lines: list[Sequence[object]] = []
    for index, entry in enumerate(books.entries, 1):
        if entry.status == 2:
            numbers[entry.date.year] += 1
        headers.append(
            (
                base + index,
                company,
                base + entry.user + 1,
                entry.status,
                str(entry.date),
                entry.legend,
                fold(entry.legend),
                "standard" if entry.reverses is None else "reversal",
                None if entry.reverses is None else base + entry.reverses + 1,
                numbers[entry.date.year] if entry.status == 2 else None,
                entry.total,
                len(entry.lines),
                f"{entry.date} 15:00:00",
            )
        )
        lines += [
            (None, base + index, keys[code], str(entry.date), debit, credit) for code, debit, credit in entry.lines
        ]
        tallies[base + entry.user + 1] += 1
    _insert(connection, "transactions", headers)
    _insert(connection, "transaction_entries", lines)
    _insert(connection, "transaction_tallies", [(None, company, user, count) for user, count in tallies.items()])


# --- The small sample ------------------------------------------------------------------------------------

_CHART = """
1 Activo
11 Activo corriente
111 Caja y bancos
11101 Caja
11103 Banco Nación cuenta corriente
11105 Banco Provincia cuenta corriente
113 Créditos por ventas
11301 Deudores por ventas
116 Bienes de cambio
11601 Mercaderías
12~ Activo no corriente
123~ Bienes de uso
12308~ Rodados
12309-~ Amortización acumulada rodados
2 Pasivo
21 Pasivo corriente
211 Deudas comerciales
21101 Proveedores
213 Remuneraciones y cargas sociales
21301 Sueldos a pagar
3 Patrimonio neto
31 Aportes de los propietarios
311 Capital
31101 Capital social
4 Ingresos
41 Ingresos ordinarios
411 Ventas de bienes
41101 Ventas
41103- Devoluciones de ventas
5 Egresos
51 Costos
511 Costo de ventas
51101 Costo de mercaderías vendidas
52 Gastos de comercialización
521 Gastos de venta
52101 Publicidad y propaganda
53 Gastos de administración
531 Gastos de personal
53101 Sueldos y jornales
532 Gastos generales
53201 Alquileres
53202 Energía eléctrica, gas y agua
"""
_OPENING = (("11101", 90_000_000, 0), ("11103", 210_000_000, 0), ("31101", 0, 300_000_000))
FIRST_DAY, LAST_DAY = dt.date(2025, 1, 2), dt.date(2025, 9, 15)


def small() -> SampleBooks:
    """Return the books of the demo: a shop of one class, January to mid September of 2025."""
    dice = random.Random(7)  # noqa: S311 - made-up figures, the same each time
    users = (
        SampleUser("Profesora Díaz", 0),
        SampleUser("Lucía Gómez", 2, "Grupo A"),
        SampleUser("Tomás Ruiz", 2, "Grupo B"),
    )
    entries = [
        SampleEntry(
            FIRST_DAY,
            "Aporte inicial de los socios",
            0,
            2,
            _OPENING,
        )
    ]
    entries += _days(dice)
    return SampleBooks("Librería de muestra", read_chart(_CHART), users, tuple(entries), ((2025, 1), (2025, 2)))


def _days(dice: random.Random) -> Iterator[SampleEntry]:
    day = FIRST_DAY
    while day < LAST_DAY:
        day += dt.timedelta(days=dice.choice((1, 2, 3)))
        status = 2 if day.month < 3 else 1 if day.month < 8 else 0
        user = 1 + dice.randrange(2)
        amount = dice.randrange(40_000_00, 400_000_00)
        yield SampleEntry(day, "Venta de mostrador", user, status, (("11101", amount, 0), ("41101", 0, amount)))
        if dice.random() < 0.3:
            amount = dice.randrange(60_000_00, 300_000_00)
            yield SampleEntry(
                day, "Compra de mercaderías a cuenta", user, status, (("11601", amount, 0), ("21101", 0, amount))
            )
        if day.day <= 3:
            yield SampleEntry(
                day,
                f"Alquiler del local, mes {day.month}",
                user,
                status,
                (("53201", 250_000_00, 0), ("11103", 0, 250_000_00)),
            )
            yield SampleEntry(
                day, "Sueldos del mes", user, status, (("53101", 480_000_00, 0), ("21301", 0, 480_000_00))
            )
