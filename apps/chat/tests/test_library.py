"""The assistant's own library: every example entry checked by machine."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings

from ledger.entries import Draft, Line
from ledger.rules import DATE_MIN, AccountFacts, check

LIBRARY = Path(settings.BASE_DIR) / "services" / "chat" / "data"
LINE = re.compile(r"- (Debe|Haber): (\d+) (.+?) \$ ([\d.]+),(\d\d)$")


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


@pytest.mark.parametrize("lines", examples())
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
