"""What the companies room refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict


class PeriodClosed(Conflict):
    """Nothing may be dated in a closed period, and nothing in it may change."""

    code = "period_closed"
    message = _("The period of this date is closed: use a date in an open one, or have it reopened.")
