"""Reading how the providers stand and what was used."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.llm.errors import Misconfigured
from apps.llm.models import LlmUsage
from services.llm_gateway import ConfigurationError, get_gateway

logger = logging.getLogger(__name__)

# The gateway's reasons for not asking a provider, for people.
REASONS = {
    "no_key": _("No key is configured."),
    "no_model_file": _("The local model's file is not there."),
    "bad_address": _("The configured address is not valid."),
    "bad_key": _("The configured key contains a character that no key has."),
    "transient": _("It failed several times in a row; it is tried again in a moment."),
    "timeout": _("It did not answer in time; it is tried again in a moment."),
    "rate_limited": _("It asked for fewer requests; it is tried again in a moment."),
    "quota_exhausted": _("Its balance or quota is used up."),
    "auth_failed": _("It does not accept the key."),
    "model_unavailable": _("It does not offer the model."),
}


def status() -> dict[str, Any]:
    """Return the gateway's status in people's words, and what all users used today; Misconfigured.

    `detail` keeps what the provider itself said last.
    """
    try:
        found = get_gateway().get_status()
    except ConfigurationError as error:
        logger.exception("llm.misconfigured")
        raise Misconfigured from error
    for row in found["providers"]:
        row["detail"] = row["error_message"]
        row["error_message"] = str(REASONS[row["reason"]]) if row["reason"] in REASONS else row["error_message"]
    return found | {"today": _today()}


def _today() -> dict[str, Any]:
    used = LlmUsage.objects.filter(day=timezone.localdate()).aggregate(
        users=Count("pk"), calls=Sum("calls", default=0), tokens=Sum("tokens", default=0),
        cost_micros=Sum("cost_micros", default=0),
    )
    return {
        "users": used["users"],
        "calls": used["calls"],
        "tokens": used["tokens"],
        "cost_usd": used["cost_micros"] / 1e6,
        "tokens_per_user_max": settings.LLM_TOKENS_PER_USER_DAY or None,
        "cost_usd_per_user_max": settings.LLM_CENTS_PER_USER_DAY / 100 or None,
    }
