"""The filters of the lists of exercises."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from apps.common.text import fold
from apps.exercises.models import Assignment, Exercise, Submission

KEY_MAX = 2**63 - 1


class ExerciseFilter(filters.FilterSet):
    """`?search=`."""

    search = filters.CharFilter(label=_("words of the title"), method="matching", max_length=200)

    class Meta:
        model = Exercise
        fields: list[str] = []

    def matching(self, rows: QuerySet[Exercise], _name: str, value: str) -> QuerySet[Exercise]:
        """Keep those whose title holds the words."""
        return rows.filter(search_text__contains=fold(value))


class AssignmentFilter(filters.FilterSet):
    """`?exercise=&group=`."""

    exercise = filters.NumberFilter(
        label=_("number of the exercise"), field_name="exercise_id", min_value=1, max_value=KEY_MAX, decimal_places=0
    )
    group = filters.CharFilter(label=_("group to which it was given"), max_length=60)

    class Meta:
        model = Assignment
        fields: list[str] = []


class SubmissionFilter(filters.FilterSet):
    """`?assignment=&student=`."""

    assignment = filters.NumberFilter(
        label=_("number of the assignment"), field_name="participation__assignment_id", min_value=1, max_value=KEY_MAX,
        decimal_places=0,
    )
    student = filters.NumberFilter(
        label=_("number of the student"), field_name="participation__student_id", min_value=1, max_value=KEY_MAX,
        decimal_places=0,
    )

    class Meta:
        model = Submission
        fields: list[str] = []
