"""`manage.py restore`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.daily.backups import make_backup, new_path
from apps.daily.restoring import restore


class Command(BaseCommand):
    """Puts a backup in the place of all books, which are backed up before."""

    help = "Restores a backup, after trying it beside the books: migrated and verified, or refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the archive and the consent."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("--confirm", action="store_true", help="do not ask (nobody is asked without a terminal)")
        parser.add_argument("--no-backup", action="store_true", help="do not back up the present books first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when nothing was restored."""
        if not options["confirm"] and sys.stdin.isatty() and not self._agreed():
            raise CommandError(_("Nothing was restored."))
        with command_errors():
            if not options["no_backup"] and _has_tables():
                kept = make_backup(new_path(settings.BACKUP_DIR))
                self.stdout.write(_("The present books are kept in %(path)s.") % {"path": kept.path})
            manifest = restore(options["archive"], tell=self.stdout.write)
        self.stdout.write(self.style.SUCCESS(
            _("Restored and verified: the books as they were on %(made_at)s.")
            % {"made_at": manifest.facts.get("made_at")}
        ))

    def _agreed(self) -> bool:
        self.stdout.write(_("This replaces all books by those of the archive. Write yes to go on: "), ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip().lower() in {"yes", "y", _("yes")}


def _has_tables() -> bool:
    return bool(connection.introspection.table_names())
