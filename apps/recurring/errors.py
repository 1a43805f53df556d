"""What the room of recurring transactions refuses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Invalid, Missing
from ledger.formulas import DEPTH_MAX, FORMULA_MAX
from ledger.money import pesos
from ledger.patterns import PatternFault

FAULT_TEXTS = {
    "formula_too_long": _("The formula may have at most %(max)d characters."),
    "formula_too_deep": _("The formula may have at most %(depth)d brackets inside one another."),
    "formula_unreadable": _("The formula cannot be read from character %(at)d on. Write like this: base * 21%%"),
    "formula_needs_base": _("The formula needs a base amount."),
    "formula_divides_by_zero": _("The formula divides by zero."),
    "amount_not_positive": _("The line comes to nothing, or less: it needs an amount above zero."),
    "amount_too_large": _("The amount is too large."),
}


def fault_text(code: str, at: int = 0) -> str:
    """Return a fault of a formula or pattern in words."""
    return str(FAULT_TEXTS[code]) % {"max": FORMULA_MAX, "depth": DEPTH_MAX, "at": at + 1}


class TemplateInvalid(Invalid):
    """A line of the template, or its legend, cannot be used."""

    code = "invalid_template"


class PatternUnfit(Conflict):
    """With this base amount the template gives no transaction."""

    code = "template_unfit"
    message = _("The template gives no balanced transaction.")

    def __init__(self, fault: PatternFault) -> None:
        super().__init__(self._text(fault))

    @staticmethod
    def _text(fault: PatternFault) -> str:
        if fault.code == "unbalanced":
            text = gettext("The lines of the template do not balance: the debit and the credit differ by $ %(off)s.")
            return text % {"off": pesos(abs(fault.off))}
        words: dict[str, Any] = {"line": (fault.line or 0) + 1, "why": fault_text(fault.code)}
        return gettext("Line %(line)d of the template: %(why)s") % words


class UnknownTemplate(Missing):
    """There is no such template in the company."""

    code = "template_not_found"
    message = _("There is no such template.")


class TemplateNameTaken(Invalid):
    """Two templates of a company may not have one name."""

    def __init__(self) -> None:
        super().__init__({"name": [gettext("There is a template with this name already.")]})


class TemplateScheduled(Conflict):
    """Something recurs by it."""

    code = "template_scheduled"
    message = _("Recurring transactions use this template: delete them first.")


class UnknownSchedule(Missing):
    """There is no such recurring transaction in the company."""

    code = "schedule_not_found"
    message = _("There is no such recurring transaction.")


class SchedulePosted(Conflict):
    """It has posted something: its due dates tell of it."""

    code = "schedule_used"
    message = _("This recurring transaction has posted already: end or pause it instead of deleting it.")


class NotDue(Conflict):
    """Only a due date that failed, or the next one, can be skipped."""

    code = "not_due"
    message = _("Only the next due date, or one that failed, can be skipped.")
