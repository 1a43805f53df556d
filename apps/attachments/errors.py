"""What the attachments room refuses."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Invalid, Missing, Refused


class UnknownAttachment(Missing):
    """There is no such attachment in the company."""

    code = "attachment_not_found"
    message = _("There is no such attachment.")


class FileMissing(Missing):
    """The row is there, the file is not: restored without its folder, or taken away by hand."""

    code = "attachment_file_missing"
    message = _("The file of this attachment is missing on the server: bring it back from the backup.")


class NotTaken(Invalid):
    """Nothing that is taken, by its content."""

    def __init__(self) -> None:
        text = gettext("This is no PDF, PNG, JPEG, WebP, XML or text file: what counts is its content, not its name.")
        super().__init__({"file": [text]})


class TooLarge(Invalid):
    """More bytes than one document may have."""

    def __init__(self, megabytes: float) -> None:
        super().__init__({"file": [gettext("The file is larger than %(max)g MB.") % {"max": megabytes}]})


class TooMany(Conflict):
    """The transaction has as many as it may have."""

    code = "too_many_attachments"

    def __init__(self, most: int) -> None:
        super().__init__(gettext("A transaction may have at most %(max)d attachments.") % {"max": most})


class SpaceUsedUp(Conflict):
    """The company's documents take all the space that they may."""

    code = "attachments_space_used_up"
    message = _("The company's attachments take all the space that they may: remove some first.")


class AlreadyAttached(Conflict):
    """The very same bytes are there already."""

    code = "already_attached"
    message = _("This transaction has this very document already.")


class AttachmentKept(Refused):
    """A closed transaction keeps its documents."""

    code = "attachment_kept"
    message = _("The transaction is closed: its attachments stay. You can add another.")


class AttachmentFixed(Conflict):
    """A document does not change: it is removed and another added."""

    code = "attachment_fixed"
    message = _("An attachment does not change: remove it and add another.")
