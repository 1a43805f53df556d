"""A year of a small company, imported from a file: the books say what the file says."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from apps.accounts.actions import load_default_chart
from apps.dash.demo.files import write_csv, write_xlsx
from apps.dash.demo.journal import generate
from apps.trans.balances import trial_balance
from apps.trans.verification import verify_ledger


@pytest.fixture(scope="module")
def year():
    return generate(dt.date(2025, 1, 1), dt.date(2025, 12, 31), pace=2.6)


def csv_file(entries):
    text = io.StringIO()
    write_csv(entries, text)
    return text.getvalue().encode()


def xlsx_file(entries):
    target = io.BytesIO()
    write_xlsx(entries, target)
    return target.getvalue()


def rows_of_csv(data):
    """Yield (asiento, cuenta, debe, haber) in pesos, read without any code of ours."""
    for row in csv.DictReader(io.StringIO(data.decode()), delimiter=";"):
        sides = [Decimal(row[side].replace(".", "").replace(",", ".") or 0) for side in ("debe", "haber")]
        yield row["asiento"], row["cuenta"], *sides


def rows_of_xlsx(data):
    sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    for number, _date, _legend, code, debit, credit in sheet.iter_rows(min_row=2, max_col=6, values_only=True):
        yield str(number), code, Decimal(str(debit or 0)), Decimal(str(credit or 0))


def totals(rows):
    """Return how many transactions there are, and the centavos on each side by account."""
    numbers, sides = set(), defaultdict(lambda: [0, 0])
    for number, code, debit, credit in rows:
        numbers.add(number)
        sides[code][0] += int(debit * 100)
        sides[code][1] += int(credit * 100)
    return len(numbers), {code: tuple(both) for code, both in sides.items()}


@pytest.mark.parametrize("name, write, read", [
    ("diario.csv", csv_file, rows_of_csv), ("diario.xlsx", xlsx_file, rows_of_xlsx),
])
def test_the_trial_balance_of_an_imported_year_equals_the_files(company, teacher_api, year, name, write, read):
    load_default_chart(company, acting_user=None)
    data = write(year)

    answer = teacher_api.post("/api/trans/import/", {"file": SimpleUploadedFile(name, data)}, format="multipart")

    assert answer.status_code == 201, answer.content[:500]
    transactions, sides = totals(read(data))
    assert (answer.json()["created"], transactions >= 2000) == (transactions, True)
    found = {row.code: (row.debits, row.credits) for row in trial_balance(company) if row.debits or row.credits}
    assert found == sides
    accounts = {row["code"]: row for row in teacher_api.get("/api/accounts/").json()}
    for code, (debit, credit) in sides.items():
        assert accounts[code]["saldo"] == (debit - credit if accounts[code]["nature"] else credit - debit)
    assert verify_ledger() == []
