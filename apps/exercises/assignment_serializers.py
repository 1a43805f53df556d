"""The wire of assignments and marks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.exercises.models import TRIES_MAX, Assignment, FeedbackDetail, FeedbackTime, Participation

NUMBER_MAX = 2**63 - 1
STUDENTS_MAX = 500


class _PeopleSerializer(serializers.Serializer[Any]):
    group = serializers.CharField(max_length=60, required=False, help_text="Its active members.")
    user_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=NUMBER_MAX), required=False, allow_empty=False,
        max_length=STUDENTS_MAX, help_text="Exactly these.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the data with one of `group` and `user_ids`, or none where it is partial."""
        given = ("group" in attrs) + ("user_ids" in attrs)
        if given > 1 or (given == 0 and not self.partial):
            raise serializers.ValidationError(_("Send either group or user_ids."))
        return attrs


class AssignmentInSerializer(_PeopleSerializer):
    """To whom an exercise is given, when and how."""

    exercise = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX)
    opens_at = serializers.DateTimeField(required=False, help_text="Now by default.")
    closes_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Null: it stays open.")
    tries_max = serializers.IntegerField(required=False, min_value=1, max_value=TRIES_MAX, help_text="3 by default.")
    feedback = serializers.ChoiceField(choices=FeedbackTime.choices, required=False)
    detail = serializers.ChoiceField(choices=FeedbackDetail.choices, required=False)


class AssignmentChangeSerializer(AssignmentInSerializer):
    """What changes; `group` and `user_ids` add people."""

    exercise = None  # type: ignore[assignment]


class OwnPartSerializer(serializers.ModelSerializer[Participation]):
    """A student's part in an assignment."""

    company = serializers.IntegerField(source="practice_id", allow_null=True, help_text="Where they solve it.")
    tries = serializers.SerializerMethodField()

    class Meta:
        model = Participation
        fields = ["company", "started_at", "tries"]
        read_only_fields = fields

    def get_tries(self, participation: Participation) -> int:
        """Return how many tries were used."""
        return len(participation.submissions.all())


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """An exercise as it was given; `own` is the student's part, `students` how many (for who leads)."""

    title = serializers.CharField(source="exercise.title")
    statement = serializers.CharField(source="exercise.statement")
    given_by_name = serializers.CharField(source="given_by.name", default=None, allow_null=True)
    shows_grades = serializers.BooleanField()
    students = serializers.IntegerField(default=None, allow_null=True)
    own = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = [
            "assignment_id", "exercise", "title", "statement", "group", "given_by", "given_by_name", "opens_at",
            "closes_at", "is_over", "tries_max", "feedback", "detail", "published_at", "shows_grades", "students",
            "own", "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(OwnPartSerializer(allow_null=True))
    def get_own(self, assignment: Assignment) -> Any:
        """Return the caller's part."""
        parts = getattr(assignment, "own", None)
        return OwnPartSerializer(parts[0]).data if parts else None


class MarkSerializer(serializers.Serializer[Any]):
    """A student's mark: that of the best try."""

    student = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    group = serializers.CharField()
    tries = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    earned = serializers.IntegerField(allow_null=True, help_text="Hundredths of points.")
    points = serializers.IntegerField(allow_null=True, help_text="Hundredths of points.")
    mark = serializers.IntegerField(allow_null=True, help_text="Of 10, in hundredths.")
    overridden = serializers.BooleanField()


class MarksQuerySerializer(serializers.Serializer[Any]):
    """In which form."""

    format = serializers.ChoiceField(choices=["json", "csv", "xlsx"], default="json", help_text="json, csv or xlsx.")


class ClassErrorSerializer(serializers.Serializer[Any]):
    """An error of the class."""

    code = serializers.CharField()
    title = serializers.CharField()
    students = serializers.IntegerField(help_text="How many made it in any try.")
    still = serializers.IntegerField(help_text="How many make it in their last try.")
