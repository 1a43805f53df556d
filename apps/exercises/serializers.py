"""The wire of exercises."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.common.fields import MoneyField
from apps.companies.models import Company
from apps.exercises.models import (
    REASON_MAX,
    STATEMENT_MAX,
    TITLE_MAX,
    TRIES_MAX,
    Assignment,
    Exercise,
    FeedbackDetail,
    FeedbackTime,
    Participation,
    Submission,
)
from ledger.grading import (
    ALTERNATIVES_MAX,
    ENTRIES_MAX,
    HANDED_IN_ENTRIES_MAX,
    POINTS_MAX,
    SOLUTIONS_MAX,
    TOLERANCE_MAX,
)

NUMBER_MAX = 2**63 - 1
STUDENTS_MAX = 500
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


class HandInSerializer(serializers.Serializer[Any]):
    """What is handed in: all that one recorded since the start, or these transactions."""

    assignment = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX)
    trans_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=NUMBER_MAX), required=False, allow_empty=False,
        max_length=HANDED_IN_ENTRIES_MAX, help_text="Of your practice company.",
    )


class OverrideSerializer(serializers.Serializer[Any]):
    """A grade set by hand."""

    earned = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="Hundredths of points.")
    reason = serializers.CharField(max_length=REASON_MAX)


class SnapshotLineSerializer(serializers.Serializer[Any]):
    """A line as it was handed in."""

    account = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    rubro = serializers.CharField()
    debit = MoneyField(help_text="Centavos.")
    credit = MoneyField(help_text="Centavos.")


class SnapshotSerializer(serializers.Serializer[Any]):
    """A transaction as it was handed in."""

    trans_id = serializers.IntegerField()
    date = serializers.DateField()
    legend = serializers.CharField()
    lines = SnapshotLineSerializer(many=True)


class ListedSubmissionSerializer(serializers.ModelSerializer[Submission]):
    """A try, without its transactions; the grade is null for a student as long as it is not shown."""

    assignment = serializers.IntegerField(source="participation.assignment_id")
    title = serializers.CharField(source="participation.assignment.exercise.title")
    student = serializers.IntegerField(source="participation.student_id")
    student_name = serializers.CharField(source="participation.student.name")
    earned = serializers.SerializerMethodField()
    final = serializers.SerializerMethodField()
    override_reason = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = [
            "submission_id", "assignment", "title", "student", "student_name", "try_number", "handed_in_at", "sha256",
            "points", "earned", "final", "override_reason", "graded_at", "revision",
        ]
        read_only_fields = fields

    def get_earned(self, submission: Submission) -> int | None:
        """Return what grading found, in hundredths of points."""
        return submission.earned if self._shown(submission) else None

    def get_final(self, submission: Submission) -> int | None:
        """Return what counts: what was set by hand, else what grading found."""
        return submission.final if self._shown(submission) else None

    def get_override_reason(self, submission: Submission) -> str:
        """Return why the grade was set by hand; blank where it was not."""
        return submission.override_reason if self._shown(submission) else ""

    def _shown(self, submission: Submission) -> bool:
        return self.context["leads"] or submission.participation.assignment.shows_grades


class SubmissionSerializer(ListedSubmissionSerializer):
    """A try with its transactions as they were handed in."""

    transactions = SnapshotSerializer(source="snapshot", many=True)

    class Meta(ListedSubmissionSerializer.Meta):
        fields = [*ListedSubmissionSerializer.Meta.fields, "transactions"]


class MessageNoteSerializer(serializers.Serializer[Any]):
    """An error in words."""

    code = serializers.CharField()
    text = serializers.CharField()


class EffectSerializer(serializers.Serializer[Any]):
    """By how many centavos each element of the balance is over- (positive) or understated."""

    assets = serializers.IntegerField()
    liabilities = serializers.IntegerField()
    equity = serializers.IntegerField(help_text="With the result of the period in it.")
    result = serializers.IntegerField()
    texts = serializers.ListField(child=serializers.CharField())


class EntryNoteSerializer(serializers.Serializer[Any]):
    """What is told of an expected asiento."""

    index = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    outcome = serializers.ChoiceField(choices=["right", "wrong", "missing", "joined", "cut"])
    outcome_display = serializers.CharField()
    trans_ids = serializers.ListField(child=serializers.IntegerField())
    earned = serializers.IntegerField(help_text="Hundredths of points.")
    points = serializers.IntegerField(help_text="Hundredths of points.")
    messages = MessageNoteSerializer(many=True)
    effect = EffectSerializer()


class SurplusNoteSerializer(serializers.Serializer[Any]):
    """What is told of an asiento too many."""

    trans_id = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["extra", "duplicated"])
    text = serializers.CharField()
    cost = serializers.IntegerField(help_text="Hundredths of points that it costs.")
    effect = EffectSerializer()


class TrialEntrySerializer(serializers.Serializer[Any]):
    """A transaction to try."""

    date = serializers.DateField(input_formats=["%Y-%m-%d"])
    lines = _several(SolutionLineSerializer(), 1, ALTERNATIVE_LINES_MAX)


class TrialInSerializer(serializers.Serializer[Any]):
    """Transactions to try an exercise with; nothing of them is kept."""

    entries = _several(TrialEntrySerializer(), 0, TRIAL_ENTRIES_MAX)


class ToldSerializer(serializers.Serializer[Any]):
    """A grade in words; of what was tried, `trans_ids` number the entries from 1."""

    earned = serializers.IntegerField(help_text="Hundredths of points.")
    points = serializers.IntegerField(help_text="Hundredths of points.")
    summary = serializers.CharField()
    entries = EntryNoteSerializer(many=True)
    surplus = SurplusNoteSerializer(many=True)
    effect = EffectSerializer()


class FeedbackSerializer(ToldSerializer):
    """A grade in words, of what was handed in."""

    submission_id = serializers.IntegerField()
    final = serializers.IntegerField(help_text="What counts, in hundredths of points.")
    override_reason = serializers.CharField()


class RegradedSerializer(serializers.Serializer[Any]):
    """How many submissions were graded again."""

    regraded = serializers.IntegerField()


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
