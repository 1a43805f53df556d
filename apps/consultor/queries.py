"""Reading what was asked of the books."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.companies.models import Company
from apps.config.policy import Reach
from apps.consultor.errors import UnknownConsultorQuery
from apps.consultor.models import ConsultorQuery
from apps.trans.models import TransactionTally
from apps.users.models import User

EXAMPLES_MAX = 200


def history_of(user: User, company: Company, reach: Reach) -> QuerySet[ConsultorQuery]:
    """Return the company's questions that the user may read, newest first."""
    rows = ConsultorQuery.objects.filter(company=company).select_related("user")
    return rows if reach is Reach.ANY else rows.filter(user=user)


def query_of(query_id: int, user: User, company: Company, reach: Reach) -> ConsultorQuery:
    """Return one question; UnknownConsultorQuery where the user may not read it."""
    found = history_of(user, company, reach).filter(pk=query_id).first()
    if found is None:
        raise UnknownConsultorQuery
    return found


def previous_form(conversation_id: uuid.UUID | None, user: User, company: Company) -> dict[str, Any] | None:
    """Return how the user's last question of a conversation was understood, for one that follows it."""
    if conversation_id is None:
        return None
    rows = ConsultorQuery.objects.filter(
        user=user, company=company, conversation_id=conversation_id, valida=True, form__isnull=False
    )
    return rows.values_list("form", flat=True).first()


def examples_of(company: Company) -> list[tuple[str, Any]]:
    """Return the questions whose answers were approved, each with its form, the latest first."""
    rows = ConsultorQuery.objects.filter(company=company, approved_at__isnull=False, form__isnull=False)
    return list(rows.order_by("-approved_at", "-pk").values_list("question", "form")[:EXAMPLES_MAX])


def asked_since(user: User, moment: dt.datetime) -> int:
    """Return how many questions the user has asked since a moment."""
    return ConsultorQuery.objects.filter(Q(user=user) & Q(created_at__gte=moment)).count()


def midnight() -> dt.datetime:
    """Return when the day began."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def users_named(names: set[str], company: Company) -> dict[str, int]:
    """Return the keys of the company's people, and of those who recorded in it, by name."""
    recorded = TransactionTally.objects.filter(company=company, count__gt=0).values("user")
    rows = User.objects.filter(Q(company=company) | Q(pk__in=recorded), name__in=names)
    return dict(rows.order_by("-pk").values_list("name", "pk"))
