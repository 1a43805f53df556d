"""The wire of exercises."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.common.fields import MoneyField
from apps.companies.models import Company
from apps.exercises.models import STATEMENT_MAX, TITLE_MAX, Exercise
from ledger.grading import ALTERNATIVES_MAX, ENTRIES_MAX, HANDED_IN_LINES_MAX, POINTS_MAX, SOLUTIONS_MAX, TOLERANCE_MAX

ALTERNATIVE_LINES_MAX = 100
LABEL_MAX = 120
TRIAL_ENTRIES_MAX = 50


def _several(child: serializers.Serializer[Any], least: int, most: int) -> serializers.ListSerializer[Any]:
    return serializers.ListSerializer(child=child, min_length=least, max_length=most)


class SolutionLineSerializer(serializers.Serializer[Any]):
    """A line of a solution; the account by its code, so that it serves every company of the plan."""

    account = serializers.CharField(max_length=30, help_text="Code of a postable account of the plan.")
    debit = MoneyField(default=0, min_value=0, help_text="Centavos.")
    credit = MoneyField(default=0, min_value=0, help_text="Centavos.")


class _DatesSerializer(serializers.Serializer[Any]):
    date_from = serializers.DateField(
        required=False, allow_null=True, default=None, input_formats=["%Y-%m-%d"], help_text="First day admitted."
    )
    date_to = serializers.DateField(
        required=False, allow_null=True, default=None, input_formats=["%Y-%m-%d"], help_text="Last day admitted."
    )


class AlternativeSerializer(_DatesSerializer):
    """One right way to record an asiento; dates of its own stand before the asiento's."""

    lines = _several(SolutionLineSerializer(), 2, ALTERNATIVE_LINES_MAX)


class ExpectedEntrySerializer(_DatesSerializer):
    """An asiento that is expected."""

    label = serializers.CharField(max_length=LABEL_MAX, help_text="What it is about; students are told.")  # type: ignore[assignment]
    points = serializers.IntegerField(min_value=1, max_value=POINTS_MAX)
    alternatives = _several(AlternativeSerializer(), 1, ALTERNATIVES_MAX)


class ExerciseSerializer(serializers.ModelSerializer[Exercise]):
    """An exercise, as teachers see it."""

    author_name = serializers.CharField(source="author.name", default=None, allow_null=True)
    expected = serializers.SerializerMethodField()
    other_solutions = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()

    class Meta:
        model = Exercise
        fields = [
            "exercise_id", "title", "statement", "plan", "tolerance", "points", "expected", "other_solutions",
            "revision", "author", "author_name", "created_at", "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(ExpectedEntrySerializer(many=True))
    def get_expected(self, exercise: Exercise) -> Any:
        """Return the usual solution."""
        return exercise.solutions[0]

    @extend_schema_field(serializers.ListField(child=ExpectedEntrySerializer(many=True)))
    def get_other_solutions(self, exercise: Exercise) -> Any:
        """Return the others."""
        return exercise.solutions[1:]

    def get_points(self, exercise: Exercise) -> int:
        """Return what it is worth."""
        return sum(entry["points"] for entry in exercise.solutions[0])


class ExerciseInSerializer(serializers.Serializer[Any]):
    """What a teacher writes."""

    title = serializers.CharField(max_length=TITLE_MAX)
    statement = serializers.CharField(max_length=STATEMENT_MAX, trim_whitespace=False, help_text="Markdown.")
    plan = serializers.PrimaryKeyRelatedField(
        queryset=Company.objects.all(), required=False, allow_null=True,
        help_text="The company whose chart it speaks of; null: the default one.",
    )
    tolerance = MoneyField(
        required=False, min_value=0, max_value=TOLERANCE_MAX, help_text="Centavos by which each amount may be off."
    )
    expected = _several(ExpectedEntrySerializer(), 1, ENTRIES_MAX)
    other_solutions = serializers.ListField(
        child=_several(ExpectedEntrySerializer(), 1, ENTRIES_MAX), required=False,
        max_length=SOLUTIONS_MAX - 1, help_text="Whole solutions that are right too, worth the same points.",
    )


class ExerciseChangeSerializer(ExerciseInSerializer):
    """What changes of an exercise; a solution that is sent is whole (DRF's `partial` would not ask for it)."""

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, none of them required."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class TrialEntrySerializer(serializers.Serializer[Any]):
    """A transaction to try."""

    date = serializers.DateField(input_formats=["%Y-%m-%d"])
    lines = _several(SolutionLineSerializer(), 1, ALTERNATIVE_LINES_MAX)


class TrialInSerializer(serializers.Serializer[Any]):
    """Transactions to try an exercise with; nothing of them is kept."""

    entries = _several(TrialEntrySerializer(), 0, TRIAL_ENTRIES_MAX)

    def validate_entries(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the transactions, as many lines as a student may hand in at most."""
        if sum(len(entry["lines"]) for entry in entries) > HANDED_IN_LINES_MAX:
            raise serializers.ValidationError(
                _("At most %(lines)d lines can be tried.") % {"lines": HANDED_IN_LINES_MAX}
            )
        return entries


class RegradedSerializer(serializers.Serializer[Any]):
    """How many submissions were graded again."""

    regraded = serializers.IntegerField()
