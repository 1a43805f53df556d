"""`manage.py rebuild_chat_index`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from apps.chat.rebuilding import rebuild
from apps.common.commands import command_errors


class Command(BaseCommand):
    """Makes the index anew; the old one answers meanwhile."""

    help = "Rebuild the assistant's index from its documents."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--lease", help="The lease under which the API started this process.")
        parser.add_argument("--no-vectors", action="store_true", help="Words only.")

    def handle(self, *_args: Any, lease: str | None, no_vectors: bool, **_options: Any) -> None:
        """Rebuild, and say what came of it."""
        with command_errors():
            stats = rebuild(lease=lease, vectors=not no_vectors, tell=self._tell if self.stdout.isatty() else None)
        self.stdout.write(
            _("%(passages)d passages of %(documents)d documents are indexed.")
            % {"passages": stats["total_vectors"], "documents": stats["total_documents"]}
        )

    def _tell(self, percent: int) -> None:
        self.stdout.write(f"\r{percent:3} %", ending="\n" if percent == 100 else "")
        self.stdout.flush()
