"""django-ledger doing its documented equivalent of a posting: `ledger.commit_txs(..., je_posted=True)`.

Run by benchmarks/.venv's Python, not ours; prints milliseconds of CPU per posting. On an SQLite file
with the same journal mode and durability as ours.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import django
import harness  # of this folder, where Python finds it beside the script
from django.conf import settings

APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django_ledger",
]


def main() -> None:
    """Post two-line journal entries and print their cost."""
    with tempfile.TemporaryDirectory(prefix="django-ledger-bench-") as folder:
        settings.configure(
            INSTALLED_APPS=APPS, USE_TZ=True, SECRET_KEY="benchmark", LOGIN_URL="/", ROOT_URLCONF="django_ledger.urls",
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            DATABASES={"default": {
                "ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder) / "books.sqlite3"),
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"},
            }},
        )
        django.setup()
        print(harness.cpu_ms(poster()))
        from django_ledger.models import JournalEntryModel

        unposted = JournalEntryModel.objects.exclude(posted=True).count()
        if unposted:
            sys.exit(f"{unposted} journal entries were not posted: nothing comparable was measured.")


def poster():
    """Return a function that posts one two-line journal entry."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone
    from django_ledger.models import AccountModel
    from django_ledger.models.entity import EntityModel

    call_command("migrate", verbosity=0)
    admin = get_user_model().objects.create_superuser("bench", "bench@example.com", "pass1234")
    entity = EntityModel.create_entity(name="Bench", admin=admin, use_accrual_method=True, fy_start_month=1)
    chart = entity.create_chart_of_accounts(coa_name="Chart", assign_as_default=True, commit=True)
    entity.populate_default_coa(activate_accounts=True, coa_model=chart)
    ledger = entity.create_ledger(name="Journal", posted=True)
    accounts = list(AccountModel.objects.filter(coa_model=chart, active=True, role__startswith="asset_ca")[:10])
    pairs = itertools.cycle(itertools.permutations(accounts, 2))

    def post() -> None:
        debit, credit = next(pairs)
        ledger.commit_txs(
            je_timestamp=timezone.now(),
            je_desc="Asiento de prueba",
            je_posted=True,
            je_txs=[
                {"account": debit, "amount": Decimal("121.00"), "tx_type": "debit", "description": "debe"},
                {"account": credit, "amount": Decimal("121.00"), "tx_type": "credit", "description": "haber"},
            ],
        )

    return post


if __name__ == "__main__":
    main()
