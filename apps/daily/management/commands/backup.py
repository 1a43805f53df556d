"""`manage.py backup`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.daily.backups import make_backup, new_path


class Command(BaseCommand):
    """Writes one archive with the database and what is kept beside it, and reads it back."""

    help = "Backs up everything into one archive, while people go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to."""
        parser.add_argument("to", nargs="?", type=Path, help="a file, or a folder (BACKUP_DIR by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when it cannot be made."""
        to: Path = (options["to"] or settings.BACKUP_DIR).expanduser().absolute()
        path = to if to.suffix and not to.is_dir() else new_path(to)
        if self.stdout.isatty():
            self.stdout.write(_("Backing up to %(path)s...") % {"path": path})
        with command_errors():
            made = make_backup(path)
        self.stdout.write(self.style.SUCCESS(
            _("%(path)s: %(megabytes).1f MB, the database and %(files)d files; read back and found right.")
            % {"path": made.path, "megabytes": made.size / 1e6, "files": made.files}
        ))
