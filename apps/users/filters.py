"""Filters of the list of users."""

from __future__ import annotations

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter
from django_filters.rest_framework import FilterSet

from apps.common.text import fold
from apps.config.roles import Role
from apps.users.models import User, UserStatus


class UserFilters(FilterSet):
    """`status`, `rol`, `group` (contains) and `search`, blind to case and accents."""

    status = ChoiceFilter(choices=UserStatus.choices)
    rol = ChoiceFilter(choices=Role.choices)
    group = CharFilter(lookup_expr="icontains", help_text="Part of the group's name.")
    search = CharFilter(
        method="by_text", help_text="Part of the name, the e-mail or the group, blind to case and accents.",
    )

    class Meta:
        model = User
        fields = ["status", "rol", "group", "search"]

    def by_text(self, users: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Return the users in whose folded text the folded value stands."""
        return users.filter(search_text__contains=fold(value))
