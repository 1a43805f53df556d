"""What the assistant refuses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.chat.models import NAME_TAKEN
from apps.common.errors import Busy, Conflict, Invalid, Missing, TooMany


class NoIndex(Busy):
    """Nothing has been indexed yet."""

    code = "index_missing"
    message = _("The assistant's documents have not been indexed yet.")
    retry_after_s = 10

    def __init__(self, *, is_rebuilding: bool) -> None:
        super().__init__()
        self.facts = {"error": str(self.message), "is_rebuilding": is_rebuilding, "is_available": False}


class AlreadyRebuilding(Conflict):
    """One rebuild at a time."""

    code = "already_rebuilding"
    message = _("The index is being rebuilt already.")


class RebuildFailed(Busy):
    """The index could not be made: no room on the disk, no right to write, no library. The old one stands."""

    code = "rebuild_failed"

    def __init__(self, why: str) -> None:
        super().__init__(_("The index could not be made (%(why)s); the old one goes on answering.") % {"why": why})


class UnknownRequest(Missing):
    """No such request of the caller is running."""

    code = "request_not_found"
    message = _("There is no running request of yours with that id.")


class UnknownQuery(Missing):
    """No such question, or another user's."""

    code = "query_not_found"
    message = _("There is no such question.")


class UnknownDocument(Missing):
    """No such document in reach."""

    code = "document_not_found"
    message = _("There is no such document.")


class UnknownPassage(Missing):
    """No such passage in reach, or its document has changed since."""

    code = "passage_not_found"
    message = _("There is no such passage: its document may have changed since.")


class RequestRunning(Conflict):
    """A request with this id is running."""

    code = "request_running"
    message = _("A request with this request_id is still running: use another one.")


class RequestCancelled(Conflict):
    """Somebody stopped the request."""

    code = "request_cancelled"
    message = _("The request was cancelled.")


class QuotaUsedUp(TooMany):
    """The user asked as many questions as one may in a day."""

    code = "chat_quota_exceeded"
    message = _("You have asked all the questions that one may ask in a day: go on tomorrow.")


class UnreadableDocument(Invalid):
    """The file is of no known kind, or damaged, or without text."""

    def __init__(self, message: Any) -> None:
        super().__init__({"file": [message]})


class NameTaken(Invalid):
    """There is a document of that name."""

    def __init__(self) -> None:
        super().__init__({"name": [NAME_TAKEN]})


class NameMissing(Invalid):
    """Nothing of the name can be seen."""

    def __init__(self) -> None:
        super().__init__({"name": [_("Write a name.")]})
