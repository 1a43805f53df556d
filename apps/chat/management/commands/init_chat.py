"""`manage.py init_chat`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.chat.management.commands import rebuild_chat_index
from apps.chat.service import assistant
from apps.common.commands import command_errors
from services.chat.config import ConfigurationError


class Command(rebuild_chat_index.Command):
    """Makes the index where there is none yet, or one of other documents, passages or network."""

    help = "Index the assistant's documents unless they are indexed already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild where nothing answers yet, or the documents have changed: a new version brings others."""
        with command_errors():
            done = self._is_done(vectors=not options["no_vectors"])
        if not done:
            super().handle(*args, **options)
            return
        stats = assistant().get_stats()
        self.stdout.write(
            _("%(passages)d passages of %(documents)d documents are indexed.")
            % {"passages": stats["total_vectors"], "documents": stats["total_documents"]}
        )

    def _is_done(self, *, vectors: bool) -> bool:
        try:
            assistant().tidy_networks()
            return bool(assistant().is_fresh(vectors=vectors))
        except ConfigurationError:
            return False  # the rebuild says what is wrong
