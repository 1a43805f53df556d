"""Changing templates and recurring transactions, and posting by them."""

from apps.recurring.actions.posting import Outcome, draft_from, post_due, post_from_template, skip
from apps.recurring.actions.removing import clear_templates, forget_transactions
from apps.recurring.actions.schedules import ScheduleData, change_schedule, open_schedule, remove_schedule
from apps.recurring.actions.templates import LineData, TemplateData, change_template, remove_template, write_template

__all__ = [
    "LineData",
    "Outcome",
    "ScheduleData",
    "TemplateData",
    "change_schedule",
    "change_template",
    "clear_templates",
    "draft_from",
    "forget_transactions",
    "open_schedule",
    "post_due",
    "post_from_template",
    "remove_schedule",
    "remove_template",
    "skip",
    "write_template",
]
