"""Reading users."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.companies.models import Company
from apps.users.errors import UnknownUser
from apps.users.models import User


def users_of(company: Company) -> QuerySet[User]:
    """Return the company's users."""
    return User.objects.filter(company=company)


def user_of(company: Company, user_id: int) -> User:
    """Return one of the company's users; else raise UnknownUser."""
    user = users_of(company).filter(user_id=user_id).first()
    if user is None:
        raise UnknownUser
    return user
