"""`manage.py init_chat`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.chat.management.commands import rebuild_chat_index
from apps.chat.service import assistant


class Command(rebuild_chat_index.Command):
    """Makes the index where there is none yet, or one of other documents or of another network."""

    help = "Index the assistant's documents unless they are indexed already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild where nothing answers yet, or not what the documents say."""
        if not assistant().is_fresh():
            super().handle(*args, **options)
            return
        stats = assistant().get_stats()
        self.stdout.write(
            _("%(passages)d passages of %(documents)d documents are indexed.")
            % {"passages": stats["total_vectors"], "documents": stats["total_documents"]}
        )
