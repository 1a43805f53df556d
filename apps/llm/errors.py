"""The errors of the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Busy, Refused


class AllowanceUsedUp(Refused):
    """The user's tokens or money of the day do not cover the call."""

    code = "llm_allowance_used_up"
    message = _("Your allowance of language models for today is used up; it is renewed tomorrow.")


class Misconfigured(Busy):
    """The gateway's environment makes no sense; the log says which variable."""

    code = "llm_misconfigured"
    message = _("The language models are not configured correctly: the server's log says which setting is wrong.")
