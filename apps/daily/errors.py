"""What keeping the books safe may run into."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Refused


class BackupFailed(Refused):
    """A backup could not be made; nothing was left of it."""

    code = "backup_failed"
    message = _("The backup could not be made.")

    def __init__(self, why: object) -> None:
        super().__init__(_("The backup could not be made: %(why)s") % {"why": why})


class ToolMissing(BackupFailed):
    """PostgreSQL's own programs are not installed."""

    code = "tool_missing"

    def __init__(self, tool: str) -> None:
        text = _("The program %(tool)s is not here: install PostgreSQL's client, of the server's version or newer.")
        Refused.__init__(self, text % {"tool": tool})


class RestoreRefused(Refused):
    """Nothing was restored, and the books are what they were."""

    code = "restore_refused"
    message = _("Nothing was restored: the books are what they were.")

    def __init__(self, why: object) -> None:
        super().__init__(_("%(why)s Nothing was restored: the books are what they were.") % {"why": why})


class ArchiveDamaged(RestoreRefused):
    """The archive is not what was written."""

    code = "archive_damaged"

    def __init__(self, why: object) -> None:
        super().__init__(_("The archive is damaged (%(why)s): take an older one.") % {"why": why})


class ArchiveForeign(RestoreRefused):
    """The archive is of another engine, of a newer version, or no backup at all."""

    code = "archive_foreign"


class AtWork(Conflict):
    """Daily tasks or another restore are under way."""

    code = "daily_at_work"
    message: Any = _("Daily tasks or another restore are under way: wait for their end and repeat.")
