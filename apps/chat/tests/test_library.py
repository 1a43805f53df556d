"""The assistant's own library: what of it a machine can check against the books' rules, the plan and the policy."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.config.policy import Reach, reach
from apps.config.roles import BUSINESS_NAMES, EDUCATIONAL_NAMES
from apps.users.models import User
from ledger.entries import Draft, Line
from ledger.rules import DATE_MIN, AccountFacts, check

LIBRARY = Path(settings.BASE_DIR) / "services" / "chat" / "data"
LINE = re.compile(r"- (Debe|Haber): (\d+) (.+?) \$ (\d{1,3}(?:\.\d{3})*),(\d\d)$")
ACCOUNT = re.compile(r"### (\d{5}) (.+)\n\n(.+)\n")
KINDS = {
    "activo": "activo", "pasivo": "pasivo", "patrimonio neto": "patrimonio", "ingresos": "ingreso", "egresos": "egreso",
}
REACHES = {Reach.ANY: "sí", Reach.OWN: "los propios", Reach.NONE: "no"}
OPERATIONS = {
    "Ver asientos, cuentas e informes": ("trans.read", "accounts.read", "reports.read"),
    "Registrar e importar asientos": ("trans.create",),
    "Modificar asientos": ("trans.edit",),
    "Borrar asientos": ("trans.delete",),
    "Verificar asientos": ("trans.verify",),
    "Cerrar asientos": ("trans.close",),
    "Anular asientos cerrados": ("trans.reverse",),
    "Hacer libros diarios": ("books.create",),
    "Disolver libros diarios": ("books.delete",),
    "Agregar y cambiar cuentas": ("accounts.write",),
    "Borrar cuentas": ("accounts.delete",),
    "Cerrar períodos": ("periods.write",),
    "Reabrir períodos": ("periods.reopen",),
    "Cerrar el ejercicio": ("years.close",),
    "Reabrir el ejercicio": ("years.reopen",),
    "Escribir modelos y asientos recurrentes": ("templates.write",),
    "Listar y crear usuarios": ("users.list", "users.create"),
    "Borrar usuarios": ("users.delete",),
    "Ver la auditoría": ("audit.read",),
    "Cambiar la configuración": ("config.write",),
    "Crear empresas": ("companies.write",),
    "Trabajar en otra empresa": ("companies.switch",),
    "Preguntar al asistente y a ConsultorIA": ("chat.ask", "consultor.ask"),
    "Agregar documentos al asistente": ("chat.documents",),
}


def chart():
    path = Path(settings.BASE_DIR) / "apps" / "accounts" / "data" / "plan_de_cuentas.csv"
    with path.open(encoding="utf-8") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def examples():
    for file in sorted(LIBRARY.glob("*.md")):
        for number, block in enumerate(file.read_text(encoding="utf-8").split("\n\n")):
            lines = [line for line in block.splitlines() if line.startswith(("- Debe:", "- Haber:"))]
            if lines:
                yield pytest.param(lines, id=f"{file.name}-{number}")


@pytest.mark.parametrize("lines", list(examples()))
def test_an_example_is_an_entry_that_the_books_would_take(lines):
    accounts = chart()
    parsed = []
    for line in lines:
        match = LINE.match(line)
        assert match, line
        side, code, name, pesos, cents = match.groups()
        assert accounts[code]["name"] == name
        assert len(code) == 5, line
        amount = int(pesos.replace(".", "") + cents)
        parsed.append(Line(int(code), **{"debit" if side == "Debe" else "credit": amount}))

    facts = {int(code): AccountFacts(postable=len(code) == 5, active=True) for code in accounts}
    assert check(Draft(DATE_MIN, "", tuple(parsed)), facts) == []


def test_the_manual_tells_of_every_account_what_the_plan_says():
    accounts = {code: row for code, row in chart().items() if len(code) == 5}
    told = {}
    for file in sorted(LIBRARY.glob("manual-de-cuentas-*.md")):
        for code, name, text in ACCOUNT.findall(file.read_text(encoding="utf-8")):
            told[code] = name
            kind = next(kind for words, kind in KINDS.items() if text.startswith(f"{name} es una cuenta de {words}."))
            assert kind == accounts[code]["kind"], code
            assert f"Su saldo es {accounts[code]['nature'].removesuffix('a')} y " in text, code
    assert told == {code: row["name"] for code, row in accounts.items()}


def test_the_table_of_permissions_says_what_the_policy_does():
    people = [(role, False) for role in EDUCATIONAL_NAMES] + [(role, True) for role in BUSINESS_NAMES]
    text = (LIBRARY / "manual-de-mosaite.md").read_text(encoding="utf-8")
    table = text.split("## Tabla de permisos por rol\n", 1)[1].split("\n## ", 1)[0]
    lines = [row.strip("|").split("|") for row in table.splitlines() if "|" in row]
    head, _rule, *rows = [[cell.strip() for cell in line] for line in lines]

    assert head[1:] == [*EDUCATIONAL_NAMES.values(), *BUSINESS_NAMES.values()]
    assert [row[0] for row in rows] == list(OPERATIONS)
    for name, *cells in rows:
        for operation in OPERATIONS[name]:
            said = [REACHES[reach(User(rol=rol), operation, business=business)] for rol, business in people]
            assert cells == said, (name, operation)


def sums(text):
    """Return debit and credit in pesos of each account that the entries in the text move."""
    totals = {}
    for side, code, name, pesos, _cents in (match.groups() for match in map(LINE.match, text.splitlines()) if match):
        debit, credit = totals.get(f"{code} {name}", (0, 0))
        amount = int(pesos.replace(".", ""))
        totals[f"{code} {name}"] = (debit + amount, credit) if side == "Debe" else (debit, credit + amount)
    return totals


def test_the_worked_year_adds_up_to_its_trial_balance_and_closes_to_zero():
    text = (LIBRARY / "curso-07-negocio-y-ciclo.md").read_text(encoding="utf-8")
    year = text.split("## Ejercicio completo resuelto\n", 1)[1]
    entries, rest = year.split("### Ejercicio completo: balance de sumas y saldos\n", 1)
    lines = [line.strip("|").split("|") for line in rest.split("\n### ", 1)[0].splitlines() if "|" in line][2:]
    table = [[name.strip(), *(int(cell.strip().replace(".", "") or 0) for cell in cells)] for name, *cells in lines]
    *rows, (_, *total) = table

    assert {name: (debit, credit) for name, debit, credit, *_ in rows} == sums(entries)
    for _name, debit, credit, debtor, creditor in rows:
        assert (debtor, creditor) == (max(debit - credit, 0), max(credit - debit, 0))
    assert total == [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    assert all(debit == credit for debit, credit in sums(year).values())
