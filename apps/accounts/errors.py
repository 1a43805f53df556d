"""What can go wrong with a chart of accounts."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.errors import Conflict


class AccountInUse(Conflict):
    """The account has entries, or accounts under it."""

    code = "account_in_use"
    message = gettext_lazy(
        "The account has entries or accounts under it: it cannot be deleted, and its code, nature and kind"
        " stay as they are. You can deactivate it."
    )


class ChartConflict(Conflict):
    """An account of the company stands where a chart needs a heading of another kind."""

    code = "chart_conflict"
    message = gettext_lazy("An account that is already there stands where the chart needs a heading.")

    def __init__(self, account_code: str) -> None:
        self.account_code = account_code
        super().__init__(
            _("The account %(code)s is already there, but the chart needs a heading of another kind in its place:"
              " change its code first.") % {"code": account_code}
        )
