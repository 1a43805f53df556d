"""What bringing books in or taking them out may run into."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Refused


class TransferRefused(Refused):
    """Nothing was brought in."""

    code = "transfer_refused"
    message = _("Nothing was brought in.")

    def __init__(self, why: object) -> None:
        super().__init__(_("%(why)s Nothing was brought in.") % {"why": why})


class AnotherSource(TransferRefused):
    """The rows that came before are not these."""

    code = "another_source"

    def __init__(self) -> None:
        super().__init__(_(
            "Transactions of these numbers came from another file: bring this one into a company of its own, or give"
            " it a name with --source."
        ))


class BroughtBefore(TransferRefused):
    """The same books are here already."""

    code = "brought_before"

    def __init__(self, name: str) -> None:
        super().__init__(_("These books are here already, as “%(name)s”: to bring them once more, repeat with --again.")
                         % {"name": name})
