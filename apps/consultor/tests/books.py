"""Books of two companies, with canaries where no question may reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.core.management import call_command
from django.db import connection

from apps.accounts.models import Account
from apps.books.actions import Range, create_book
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.consultor.confinement import reader_for
from apps.trans.actions import post_transaction, verify_transactions
from apps.users.models import User
from ledger.entries import Draft, Line
from services.consultorIA.readers import Reader

# Stands in each text of the other company, in e-mails and password hashes; may stand in no answer.
CANARY = "zzcanariozz"
CANARY_MINOR = 777_777_777
POSTABLE = {"caja", "ventas", "sueldos", "deep"}


@dataclass(frozen=True)
class Books:
    """Our company with its people and accounts by short names, and the other one."""

    company: Company
    other: Company
    teacher: User
    student: User
    accounts: dict[str, Account]
    closed: int

    def reader(self) -> Reader:
        """Return a reader of our company."""
        return reader_for(self.company)

    def run(self, sql: str, **bounds: Any) -> Any:
        """Run one query with a reader of its own."""
        with self.reader() as reader:
            return reader.run(sql, **bounds)


@contextmanager
def committed_books() -> Iterator[Books]:
    """Write both companies so that other sessions see them; flushed at the end."""
    try:
        yield _write()
    finally:
        call_command("flush", interactive=False, verbosity=0)


def _write() -> Books:
    company, other = default_company(), Company.objects.create(name=CANARY)
    teacher, student = _person("Marta Ruiz", 0, ""), _person("Ana Gil", 2, "3A")
    stranger = _person(CANARY, 0, CANARY, company=other)
    User.objects.update(password=f"argon2${CANARY}")
    for person in (teacher, student):
        person.refresh_from_db()  # a token carries a digest of the hash
    accounts = _chart(company, "")
    foreign = _chart(other, f" {CANARY}")
    day = dt.date(2026, 3, 2)
    march = Range(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    closed = _post(accounts, "caja", "ventas", 121_000_00, day, "Venta de mostrador", teacher, 1)
    create_book(replace(march, name="Marzo"), acting_user=teacher, company=company)
    _post(accounts, "sueldos", "caja", 50_000_50, dt.date(2026, 4, 30), "Sueldos de abril", teacher, 1)
    _post(accounts, "caja", "ventas", 10_01, dt.date(2026, 4, 30), "=HYPERLINK(\"mal\")", student, 0)
    _post(foreign, "caja", "ventas", CANARY_MINOR, day, CANARY, stranger, 1)
    create_book(replace(march, name=CANARY), acting_user=stranger, company=other)
    return Books(company, other, teacher, student, accounts, closed)


def _person(name: str, rol: int, group: str, **fields: Any) -> User:
    email = f"{name.split(maxsplit=1)[0].lower()}.{CANARY}@example.com"
    return User.objects.create_user(email, "pass1234", name=name, rol=rol, group=group, **fields)


def _chart(company: Company, mark: str) -> dict[str, Account]:
    rows = {
        "activo": ("1", "Activo", True, "activo", None),
        "corriente": ("11", "Activo corriente", True, "activo", "activo"),
        "disponible": ("111", "Caja y bancos", True, "activo", "corriente"),
        "caja": ("11101", "Caja", True, "activo", "disponible"),
        "ingresos": ("4", "Ingresos", False, "ingreso", None),
        "ventas": ("41101", "Ventas", False, "ingreso", "ingresos"),
        "sueldos": ("51101", "Sueldos y jornales", True, "egreso", None),
    }
    # Headings upon headings: the deepest that the views tell apart.
    chain = ["9", "91", "911", "9111", "91111"]
    rows |= {code: (code, f"Orden {code}", True, "orden", code[:-1] or None) for code in chain}
    rows["deep"] = ("911111", "Mercaderías de terceros", True, "orden", "91111")
    made: dict[str, Account] = {}
    for key, (code, name, nature, kind, parent) in rows.items():
        made[key] = Account.objects.create(
            company=company, code=code, name=f"{name}{mark}", nature=nature, kind=kind, postable=key in POSTABLE,
            parent=made[parent] if parent else None, liquidity="corriente" if kind == "activo" else "",
        )
    return made


def _post(
    accounts: dict[str, Account], debit: str, credit: str, amount: int, day: dt.date, legend: str, who: User,
    status: int,
) -> int:
    lines = (Line(accounts[debit].pk, debit=amount), Line(accounts[credit].pk, credit=amount))
    company = accounts[debit].company
    key = post_transaction(Draft(day, legend, lines), acting_user=who, company=company).pk
    if status > 0:
        verify_transactions([key], acting_user=who, company=company)
    return key


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, to see that nothing has changed."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found
