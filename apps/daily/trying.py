"""Bring the database of DATABASE_URL up to date and verify it: `python -m apps.daily.trying`, a process of its own."""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def main() -> None:
    """Migrate, then verify; ends with an error where either fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("verify_ledger")


if __name__ == "__main__":
    main()
