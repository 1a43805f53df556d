"""`manage.py check_attachments`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.attachments.actions import clean_orphans
from apps.attachments.queries import file_faults
from apps.common.commands import command_errors


class Command(BaseCommand):
    """Compare every attachment with its file; fail where one is missing or changed."""

    help = "Reads every attachment's file and compares it with its SHA-256; fails where one is missing or changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the clean-up."""
        parser.add_argument("--clean", action="store_true", help="also delete files that no attachment names")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when a file is missing or changed."""
        with command_errors():
            if options["clean"]:
                self.stdout.write(_("%(files)d files removed that nothing named.") % {"files": clean_orphans()})
            faults = 0
            for attachment, fault in file_faults():
                faults += 1
                self.stdout.write(f"{attachment.pk} {attachment.name}: {fault}")
        if faults:
            raise CommandError(_("%(faults)d attachments have no sound file.") % {"faults": faults})
        self.stdout.write(_("Every attachment has its file."))
