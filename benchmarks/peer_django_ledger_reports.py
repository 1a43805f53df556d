"""django-ledger's statements at some numbers of entries: `peer_django_ledger_reports.py 1000 100000`.

Run by benchmarks/.venv's Python, not ours. Rows are written in bulk, as its posting is measured
elsewhere. Prints a JSON object: by number of entries, milliseconds of CPU.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import django
from django.conf import settings

APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django_ledger",
]
BATCH = 5_000
ROLES = ("asset_ca", "lia_cl", "eq_", "in_", "cogs", "ex_")


def main() -> None:
    """Fill and measure."""
    with tempfile.TemporaryDirectory(prefix="django-ledger-bench-") as folder:
        settings.configure(
            INSTALLED_APPS=APPS, USE_TZ=True, SECRET_KEY="benchmark", LOGIN_URL="/", ROOT_URLCONF="django_ledger.urls",
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            DATABASES={"default": {
                "ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder) / "books.sqlite3"),
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"},
            }},
        )
        django.setup()
        entity, ledger, accounts = _entity()
        found, have = {}, 0
        for entries in map(int, sys.argv[1:]):
            _fill(ledger, accounts, entries // 2 - have)
            have = entries // 2
            found[entries] = {
                "position": _ms(lambda: entity.digest_balance_sheet(to_date=dt.date(2026, 12, 31), user_model=None)),
                "results": _ms(lambda: entity.digest_income_statement(
                    from_date=dt.date(2026, 1, 1), to_date=dt.date(2026, 12, 31), user_model=None
                )),
            }
        print(json.dumps(found))


def _entity():
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django_ledger.models import AccountModel
    from django_ledger.models.entity import EntityModel

    call_command("migrate", verbosity=0)
    admin = get_user_model().objects.create_superuser("bench", "bench@example.com", "pass1234")
    entity = EntityModel.create_entity(name="Bench", admin=admin, use_accrual_method=True, fy_start_month=1)
    chart = entity.create_chart_of_accounts(coa_name="Chart", assign_as_default=True, commit=True)
    entity.populate_default_coa(activate_accounts=True, coa_model=chart)
    ledger = entity.create_ledger(name="Journal", posted=True)
    rows = AccountModel.objects.filter(coa_model=chart, active=True).exclude(role__startswith="root")
    accounts = [account for account in rows if account.role.startswith(ROLES)]
    return entity, ledger, accounts


def _fill(ledger, accounts, transactions: int) -> None:
    from django_ledger.models import JournalEntryModel, TransactionModel

    dice, first = random.Random(1), dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    for start in range(0, transactions, BATCH):
        headers, lines = [], []
        for number in range(start, min(start + BATCH, transactions)):
            debit, credit = dice.sample(accounts, 2)
            amount = Decimal(dice.randrange(1_00, 500_000_00)) / 100
            header = JournalEntryModel(
                ledger=ledger, je_number=f"JE-{number}", posted=True, locked=True,
                timestamp=first + dt.timedelta(days=dice.randrange(365)), description=f"Asiento {number}",
            )
            headers.append(header)
            lines += [
                TransactionModel(journal_entry=header, account=debit, amount=amount, tx_type="debit"),
                TransactionModel(journal_entry=header, account=credit, amount=amount, tx_type="credit"),
            ]
        JournalEntryModel.objects.bulk_create(headers)
        TransactionModel.objects.bulk_create(lines)


def _ms(act) -> float:
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
