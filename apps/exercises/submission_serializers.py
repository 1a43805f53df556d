"""The wire of submissions and their grades in words."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.fields import MoneyField
from apps.exercises.assignment_serializers import NUMBER_MAX
from apps.exercises.models import REASON_MAX, Submission
from ledger.grading import HANDED_IN_ENTRIES_MAX


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
    period_effect = EffectSerializer(help_text="On the period where it belongs, of an entry that stands in another.")


class SurplusNoteSerializer(serializers.Serializer[Any]):
    """What is told of an asiento too many."""

    trans_id = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["extra", "duplicated"])
    text = serializers.CharField()
    cost = serializers.IntegerField(help_text="Hundredths of points that it costs.")
    effect = EffectSerializer()


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
