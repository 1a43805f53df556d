"""beancount on a file of the same shape: loading it, a trial balance and one account's mayor from memory.

Run by benchmarks/.venv's Python, not ours: `peer_beancount.py 1000 100000`. Prints a JSON object: by
number of entries, milliseconds of CPU.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from beancount import loader
from beancount.core import data, inventory, realization

ACCOUNTS = [f"{root}:Cuenta{number}" for root in ("Assets", "Liabilities", "Equity", "Income", "Expenses")
            for number in range(38)]


def main() -> None:
    """Measure at each number of entries (postings)."""
    found = {}
    for entries in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory(prefix="beancount-bench-") as folder:
            path = Path(folder) / "books.beancount"
            _write(path, entries // 2)
            found[entries] = _measure(path)
    print(json.dumps(found))


def _write(path: Path, transactions: int) -> None:
    dice, first = random.Random(1), dt.date(2026, 1, 1)
    with path.open("w") as file:
        for account in ACCOUNTS:
            file.write(f"2020-01-01 open {account} ARS\n")
        for number in range(transactions):
            debit, credit = dice.sample(ACCOUNTS, 2)
            amount = dice.randrange(1_00, 500_000_00)
            day = first + dt.timedelta(days=dice.randrange(365))
            file.write(f'{day} * "Asiento {number}"\n  {debit}  {amount / 100:.2f} ARS\n  {credit}\n')


def _measure(path: Path) -> dict[str, float]:
    start = time.process_time()
    entries, errors, _options = loader.load_file(str(path))
    loading = time.process_time() - start
    if errors:
        sys.exit(str(errors[0]))
    return {"load": loading * 1000, "trial": _ms(lambda: _trial(entries)), "mayor": _ms(lambda: _mayor(entries))}


def _trial(entries: list[data.Directive]) -> dict[str, inventory.Inventory]:
    root = realization.realize(entries)
    return {account.account: account.balance for account in realization.iter_children(root)}


def _mayor(entries: list[data.Directive]) -> int:
    root = realization.realize(entries)
    postings = realization.get(root, ACCOUNTS[0]).txn_postings
    return sum(1 for _row in realization.iterate_with_balance(postings))


def _ms(act: object) -> float:
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
