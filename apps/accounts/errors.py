"""What the accounts room refuses, and in which words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Missing


class UnknownAccount(Missing):
    """There is no such account in the company."""

    message = _("There is no such account.")


class AccountInUse(Conflict):
    """The account has entries or accounts under it, or stands in a template."""

    code = "account_in_use"
    message = _(
        "The account has entries or accounts under it, or stands in a template: it cannot be deleted, nor its code,"
        " nature or kind changed. You can deactivate it."
    )


class AccountMisplaced(Conflict):
    """The heading is none, of another company or kind, or stands under the account itself.

    Only who writes past the actions meets it: they name the field.
    """

    code = "account_misplaced"
    message = _(
        "The account must stand under a heading of its own company and kind, and not under itself:"
        " choose another heading."
    )


class ChartConflict(Conflict):
    """An account of the company stands where a chart needs a heading."""

    code = "chart_conflict"
    message = _("An account that is already there stands where the chart needs a heading.")

    def __init__(self, account_code: str) -> None:
        self.account_code = account_code
        text = gettext(
            "The account %(code)s is already there, but the chart needs a heading of another kind in its place:"
            " change its code first."
        )
        super().__init__(text % {"code": account_code})


class ChartFull(Conflict):
    """A chart has as many accounts as it may have."""

    code = "chart_full"
    message = _("The chart of accounts is full: delete accounts that are not used.")
