"""Remembering questions and what people thought of their answers."""

from __future__ import annotations

from django.utils import timezone

from apps.audit.actions import record
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.consultor.errors import NotApprovable
from apps.consultor.models import ConsultorQuery
from apps.consultor.queries import query_of
from apps.users.models import User


@unit_of_work
def remember(query: ConsultorQuery) -> ConsultorQuery:
    """Store a question with its interpretation."""
    query.save(force_insert=True)
    return query


@unit_of_work
def give_feedback(
    query_id: int, *, helpful: bool, comment: str, acting_user: User, company: Company, reach: Reach
) -> ConsultorQuery:
    """Keep whether an answer helped; one that did not is no example any more. UnknownConsultorQuery."""
    query = query_of(query_id, acting_user, company, reach)
    query.helpful, query.comment = helpful, comment
    if not helpful:
        query.approved_by = query.approved_at = None
    query.save(update_fields=["helpful", "comment", "approved_by", "approved_at"])
    return query


@unit_of_work
def approve(query_id: int, *, approved: bool, acting_user: User, company: Company, reach: Reach) -> ConsultorQuery:
    """Make an answer that helped an example for later questions, or take it back; NotApprovable."""
    query = query_of(query_id, acting_user, company, reach)
    if approved and not (query.valida and query.helpful):
        raise NotApprovable
    query.approved_by, query.approved_at = (acting_user, timezone.now()) if approved else (None, None)
    query.save(update_fields=["approved_by", "approved_at"])
    record(
        "answer.approved" if approved else "answer.disapproved", acting_user=acting_user, company_id=company.pk,
        subject="consultor_query", subject_id=query.pk,
    )
    return query
