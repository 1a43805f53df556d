"""Practice companies: each student or group with books of their own."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.actions import Actor, record, record_many
from apps.common.db import unit_of_work
from apps.companies.actions.furnishing import furnish
from apps.companies.errors import NobodyToPractise, UsersUnusable
from apps.companies.models import Company, CompanyKind
from apps.companies.queries import default_company

logger = logging.getLogger(__name__)
NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice company and who works in it."""

    company: Company
    user_ids: list[int]


@unit_of_work
def open_practice(
    *, group: str | None = None, user_ids: Sequence[int] | None = None, per: str, acting_user: Actor,
    template: Company | None = None,
) -> list[Practice]:
    """Create a practice company per "user" or per "group" with the template's chart, and move them in.

    The template is the default company unless another is given.
    `group` takes its active members save those who lead; `user_ids` takes exactly those. What they
    recorded stays where it was recorded, where who leads goes on seeing it; the move takes effect
    with their next request. Raises NobodyToPractise, UsersUnusable.
    """
    people = _members(group) if group is not None else _named(user_ids or ())
    teams = _teams(people, per)
    companies = Company.objects.bulk_create(Company(name=name, kind=CompanyKind.PRACTICE) for name, _team in teams)
    furnish(companies, template=template or default_company(), acting_user=acting_user)
    practices = [
        Practice(company, [person.pk for person in team])
        for company, (_name, team) in zip(companies, teams, strict=True)
    ]
    for practice in practices:
        _move_in(practice, acting_user=acting_user)
    _tell_departures(people, practices, acting_user=acting_user)
    logger.info("practice.opened", extra={"companies": len(practices), "users": len(people)})
    return practices


@unit_of_work
def move_person(person: Any, company: Company, *, acting_user: Actor) -> None:
    """Let a person (a User) work in another company, from their next request on; nothing where they do already."""
    if person.company_id == company.pk:
        return
    left = person.company_id
    get_user_model().objects.filter(pk=person.pk).update(company=company, updated_at=timezone.now())
    record(
        "user.moved", acting_user=acting_user, company_id=left, subject="user", subject_id=person.pk,
        detail={"to_company": company.pk},
    )


def _members(group: str) -> list[Any]:
    people = [person for person in _active().filter(group=group) if not person.leads]
    if not people:
        raise NobodyToPractise(group)
    return people


def _named(user_ids: Sequence[int]) -> list[Any]:
    people = list(_active().filter(pk__in=set(user_ids)))
    if missing := set(user_ids) - {person.pk for person in people}:
        raise UsersUnusable(missing)
    return people


def _active() -> Any:
    return get_user_model().objects.filter(status=0).order_by("name", "pk")


def _teams(people: Iterable[Any], per: str) -> list[tuple[str, list[Any]]]:
    """Return (company name, its people)."""
    if per == "user":
        return [(_named_after(person.name), [person]) for person in people]
    by_group: dict[str, list[Any]] = {}
    for person in people:
        by_group.setdefault(person.group, []).append(person)
    return [(_named_after(group or _("no group")), team) for group, team in sorted(by_group.items())]


def _named_after(who: str) -> str:
    return (_("Practice: %(who)s") % {"who": who})[:NAME_MAX]


def _move_in(practice: Practice, *, acting_user: Actor) -> None:
    company = practice.company
    # Past User.save, which folds texts that do not change here: one query per company.
    get_user_model().objects.filter(pk__in=practice.user_ids).update(company=company, updated_at=timezone.now())
    record(
        "company.opened", acting_user=acting_user, company_id=company.pk, subject="company", subject_id=company.pk,
        detail={"name": company.name, "kind": company.kind, "user_ids": practice.user_ids},
    )


def _tell_departures(people: Iterable[Any], practices: Iterable[Practice], *, acting_user: Actor) -> None:
    """Tell the trail of each company that loses people, in order: two such units never wait in a ring."""
    new_home = {user_id: practice.company.pk for practice in practices for user_id in practice.user_ids}
    leaving: dict[int, list[Any]] = {}
    for person in people:
        if person.company_id is not None:
            leaving.setdefault(person.company_id, []).append(person)
    for company_id, movers in sorted(leaving.items()):
        happenings = [("user.moved", "user", person.pk, {"to_company": new_home[person.pk]}) for person in movers]
        record_many(happenings, acting_user=acting_user, company_id=company_id)
