"""The years before the demo's half year: written as files, imported from one of them, and proved against it."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from apps.companies.models import Company
from apps.dash.demo.books import JournalEntry
from apps.dash.demo.files import write_csv, write_xlsx
from apps.dash.errors import DemoHistoryDiffers
from apps.trans.balances import trial_balance
from apps.trans.imports.actions import import_journal
from apps.trans.models import Transaction
from apps.users.models import User

FILE_NAME = "diario"
# A half year's journal with at least as many before it has 2,000 and more, at the slowest pace.
YEARS_BACK = 2


@dataclass(frozen=True, slots=True)
class Proof:
    """What an imported file and the books agree on; `total` is centavos on each side."""

    file: Path
    transactions: int
    total: int


def import_past(entries: Sequence[JournalEntry], folder: Path, *, teacher: User, company: Company) -> list[int]:
    """Write the journal to `folder` as CSV and XLSX and record the CSV; return the keys in order of date.

    Raises DemoHistoryDiffers when the books then say anything else than the file.
    """
    file = _write(entries, folder)
    report = import_journal(file.name, file.read_bytes(), acting_user=teacher, company=company)
    if not report["valid"]:
        raise DemoHistoryDiffers
    prove(folder, company)
    return list(Transaction.objects.filter(company=company).order_by("date", "pk").values_list("pk", flat=True))


def _write(entries: Sequence[JournalEntry], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{FILE_NAME}.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        write_csv(entries, text)
    with file.with_suffix(".xlsx").open("wb") as workbook:
        write_xlsx(entries, workbook)
    return file


def prove(folder: Path, company: Company) -> Proof:
    """Hold the trial balance at the file's last day against sums made from the file by nothing of ours.

    Raises DemoHistoryDiffers.
    """
    file = folder / f"{FILE_NAME}.csv"
    numbers: set[str] = set()
    sides: defaultdict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    last = dt.date.min
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text, delimiter=";"):
            numbers.add(row["asiento"])
            last = max(last, dt.datetime.strptime(row["fecha"], "%d/%m/%Y").date())  # noqa: DTZ007 - a day
            for side, column in enumerate(("debe", "haber")):
                sides[row["cuenta"]][side] += Decimal(row[column].replace(".", "").replace(",", ".") or 0)
    in_file = {code: (int(debit * 100), int(credit * 100)) for code, (debit, credit) in sides.items()}
    rows = trial_balance(company, date_to=last)
    in_books = {row.code: (row.debits, row.credits) for row in rows if row.debits or row.credits}
    if in_file != in_books:
        raise DemoHistoryDiffers
    return Proof(file, len(numbers), sum(debit for debit, _credit in in_file.values()))
