"""Exercises in the admin: to look at; they are written over the API, whose actions check and grade."""

from __future__ import annotations

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.exercises.models import Assignment, Exercise, Participation, Submission


@admin.register(Exercise)
class ExerciseAdmin(ReadOnlyAdmin):
    """What is asked."""

    list_display = ("title", "company", "author", "revision", "updated_at")
    list_filter = ("company",)
    list_select_related = ("company", "author")
    search_fields = ("search_text",)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """To whom it was given."""

    list_display = ("exercise", "group", "company", "opens_at", "closes_at", "tries_max", "feedback")
    list_filter = ("company", "feedback")
    list_select_related = ("exercise", "company")


@admin.register(Participation)
class ParticipationAdmin(ReadOnlyAdmin):
    """Who takes part."""

    list_display = ("assignment", "student", "practice", "started_at")
    list_select_related = ("assignment__exercise", "student", "practice")


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """What was handed in."""

    list_display = ("participation", "try_number", "handed_in_at", "earned", "points", "override")
    list_select_related = ("participation",)
    date_hierarchy = "handed_in_at"
