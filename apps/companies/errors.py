"""What the companies room refuses."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Invalid, Missing


class UnknownCompanyNumber(Missing):
    """The path names no company of the caller's."""

    code = "company_not_found"
    message = _("There is no such company.")


class CompanyInUse(Conflict):
    """Someone works in it, or something is recorded in it."""

    code = "company_in_use"
    message = _("The company has users, transactions or closed periods: it cannot be deleted.")


class DefaultCompany(Conflict):
    """The company of callers who never heard of companies."""

    code = "company_is_default"
    message = _("The default company cannot be deleted.")


class CompanyKindFixed(Invalid):
    """Closed rows may be erased in practice companies alone, so no company becomes one later."""

    def __init__(self) -> None:
        super().__init__({"kind": [_("The kind of a company does not change: create another company.")]})


class NobodyToPractise(Invalid):
    """The group has no active member but those who lead."""

    def __init__(self, group: str) -> None:
        text = gettext("There is nobody active in the group %(group)s, except who leads.") % {"group": group}
        super().__init__({"group": [text]})


class UsersUnusable(Invalid):
    """Some of the users named do not exist or are inactive."""

    def __init__(self, user_ids: Iterable[int]) -> None:
        numbers = ", ".join(str(number) for number in sorted(user_ids))
        text = gettext("There are no active users with these numbers: %(numbers)s.") % {"numbers": numbers}
        super().__init__({"user_ids": [text]})


class PeriodClosed(Conflict):
    """Nothing may be dated in a closed period, and nothing in it may change."""

    code = "period_closed"
    message = _("The period of this date is closed: use a date in an open one, or have it reopened.")


class UnknownPeriod(Missing):
    """The company has no such period."""

    code = "period_not_found"
    message = _("There is no such period.")


class PeriodExists(Conflict):
    """A company has each year and each month once."""

    code = "period_exists"
    message = _("This period exists already.")


class PeriodAlreadyClosed(Conflict):
    """Closing what is closed, by itself or with its year."""

    code = "period_already_closed"
    message = _("The period is already closed.")


class PeriodAlreadyOpen(Conflict):
    """Reopening what is open."""

    code = "period_already_open"
    message = _("The period is already open.")


class YearClosed(Conflict):
    """A month cannot be open in a closed year."""

    code = "year_closed"
    message = _("The year of this month is closed: reopen the year first.")
