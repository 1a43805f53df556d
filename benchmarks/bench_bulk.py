"""A journal of 100,000 transactions: imported with every check, verified, backed up, moved, read by beancount."""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import books
from benchmarks.harness import Figure, stage

TRANSACTIONS = 100_000
# What the contract of this house promises, per row, in milliseconds.
IMPORT_MS, VERIFY_MS = 1000 / 1_500, 1000 / 50_000


def figures(count: int = TRANSACTIONS) -> list[Figure]:
    """Return the figures; each is the CPU of this process, once: the work is long enough to be its own mean."""
    with stage() as here, tempfile.TemporaryDirectory() as folder:
        here.enter()
        books.open_chart()
        return _figures(Path(folder), count)


def _figures(folder: Path, count: int) -> list[Figure]:
    from apps.daily.backups import make_backup
    from apps.trans.imports.actions import import_journal
    from apps.trans.imports.cells import COMMAND
    from apps.trans.verification import verify_ledger
    from apps.transfer.company.bringing import import_company
    from apps.transfer.company.writing import write_archive
    from apps.transfer.text.beancount import write_beancount

    user, company = books.actors()
    data = journal(count)
    imported = _cpu_ms(lambda: import_journal(
        "diario.csv", data, acting_user=user, company=company, bounds=COMMAND
    ))
    verified = _cpu_ms(lambda: _sound(verify_ledger()))
    backed_up = _cpu_ms(lambda: make_backup(folder / "kept.zip"))
    exported = _cpu_ms(lambda: write_archive(company, folder / "company.zip"))
    written = _cpu_ms(lambda: write_beancount(company, folder / "books.beancount"))
    brought = _cpu_ms(lambda: import_company(folder / "company.zip", name="Copia"))
    peer = _beancount_ms(folder / "books.beancount")
    each = f"beancount loads and checks the same journal: {peer / count:.3f} a transaction"
    return [
        Figure(f"import of {count:,} transactions, each", imported / count, target=IMPORT_MS, peer=each),
        Figure(f"verify_ledger of {2 * count:,} entries, each", verified / (2 * count), target=VERIFY_MS,
               peer=f"{peer / (2 * count):.3f} an entry"),
        Figure("backup of all of it", backed_up / 1000, unit="s CPU"),
        Figure("export of the company", exported / 1000, unit="s CPU"),
        Figure("export as text for beancount", written / 1000, unit="s CPU"),
        Figure("import of the company, each transaction", brought / count),
    ]


def journal(count: int) -> bytes:
    """Return a CSV file of two-line transactions over a year, the same for the same count."""
    from apps.accounts.models import Account

    codes = dict(Account.objects.values_list("pk", "code"))
    lines = ["asiento;fecha;leyenda;cuenta;debe;haber"]
    for number, draft in enumerate(itertools.islice(books.drafts(books.postable()), count), start=1):
        for line in draft.lines:
            sides = ";".join(_pesos(amount) for amount in (line.debit, line.credit))
            lines.append(f"{number};{draft.date:%d/%m/%Y};{draft.legend};{codes[line.account_id]};{sides}")
    return "\n".join(lines).encode()


def _pesos(amount_minor: int) -> str:
    return f"{amount_minor // 100},{amount_minor % 100:02}" if amount_minor else ""


def _cpu_ms(act: Callable[[], Any]) -> float:
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


def _sound(findings: list[Any]) -> None:
    if findings:
        raise SystemExit(f"The books are not right: {findings[:3]}")


def _beancount_ms(path: Path) -> float:
    from beancount import loader

    start = time.process_time()
    entries, errors, _options = loader.load_file(str(path))
    if errors or not entries:
        raise SystemExit(f"beancount: {errors[:3]}")
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=TRANSACTIONS)
    for figure in figures(parser.parse_args().count):
        print(figure.row())
