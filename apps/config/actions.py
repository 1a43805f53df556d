"""Changing the configuration."""

from __future__ import annotations

import logging
from typing import Any, TypedDict

from django.contrib.auth import get_user_model

from apps.audit.actions import Actor, record
from apps.common.db import lock_row, unit_of_work
from apps.config.models import Config
from apps.config.queries import current_config
from apps.config.roles import role_names

logger = logging.getLogger(__name__)


class ConfigChanges(TypedDict, total=False):
    """What may change."""

    system_mode: bool
    date_format: str
    currency: str


@unit_of_work
def change_config(changes: ConfigChanges, *, acting_user: Actor) -> Config:
    """Change the one row and return it; what is already so changes nothing and leaves no trace.

    Nobody's `rol` changes with the mode, so that switching back restores everyone. Who holds a role
    that the new mode does not give keeps its name and what the matrix grants to all; the trail
    says how many they are.
    """
    current_config()
    config = lock_row(Config.objects.filter(config_id=1)).get()
    changed = {name: value for name, value in changes.items() if getattr(config, name) != value}
    if not changed:
        return config
    detail: dict[str, Any] = {name: {"from": getattr(config, name), "to": value} for name, value in changed.items()}
    for name, value in changed.items():
        setattr(config, name, value)
    config.save(update_fields=list(changed))
    if "system_mode" in changed:
        detail["users_with_role_of_other_mode"] = _left_over(business=config.system_mode)
    record("config.changed", acting_user=acting_user, company_id=None, subject="config", subject_id=1, detail=detail)
    logger.info("config.changed", extra={"fields": sorted(changed)})
    return config


def _left_over(*, business: bool) -> int:
    return get_user_model().objects.exclude(rol__in=role_names(business=business)).count()
