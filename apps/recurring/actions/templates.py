"""Writing templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.common.text import fold
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.recurring.errors import TemplateInvalid, TemplateNameTaken, TemplateScheduled, UnknownTemplate, fault_text
from apps.recurring.legends import WORDS, unknown_words
from apps.recurring.models import Template, TemplateLine
from apps.trans.errors import FAULT_TEXTS, NotYours
from apps.users.models import User
from ledger.formulas import FormulaFault, check_formula

SUBJECT = "template"


class LineData(TypedDict):
    """A line as it is written: `acc_id`, `side`, and `amount` (centavos) or `formula`."""

    acc_id: int
    side: str
    amount: int | None
    formula: str
    rounding: bool


class TemplateData(TypedDict, total=False):
    """What can be written of a template; lines replace the old ones."""

    name: str
    legend: str
    lines: Sequence[LineData]


@unit_of_work
def write_template(data: TemplateData, *, acting_user: User, company: Company) -> Template:
    """Write a template; TemplateInvalid, TemplateNameTaken."""
    template = Template(company=company, user=acting_user)
    _write(template, data)
    _tell("template.written", template, acting_user=acting_user)
    return template


@unit_of_work
def change_template(
    template_id: int, data: TemplateData, *, acting_user: User, company: Company, reach: Reach
) -> Template:
    """Change a template; what recurs by it goes on with the new one.

    Raises UnknownTemplate, NotYours, TemplateInvalid, TemplateNameTaken.
    """
    template = _locked(template_id, acting_user, company, reach)
    _write(template, data)
    _tell("template.changed", template, acting_user=acting_user)
    return template


@unit_of_work
def remove_template(template_id: int, *, acting_user: User, company: Company, reach: Reach) -> None:
    """Delete a template by which nothing recurs; UnknownTemplate, NotYours, TemplateScheduled."""
    template = _locked(template_id, acting_user, company, reach)
    _tell("template.removed", template, acting_user=acting_user)
    try:
        template.delete()
    except ProtectedError as error:
        raise TemplateScheduled from error


def _locked(template_id: int, acting_user: User, company: Company, reach: Reach) -> Template:
    template = lock_row(Template.objects.filter(company=company, pk=template_id)).first()
    if template is None:
        raise UnknownTemplate
    if reach is not Reach.ANY and template.user_id != acting_user.pk:
        raise NotYours
    return template


def _write(template: Template, data: TemplateData) -> None:
    if "name" in data:
        template.name = data["name"]
        template.search_text = fold(template.name)
    if "legend" in data:
        template.legend = data["legend"]
        _check_legend(template.legend)
    others = Template.objects.filter(company=template.company, name=template.name).exclude(pk=template.pk)
    if others.exists():
        raise TemplateNameTaken
    if "lines" in data:
        _check_lines(data["lines"], template.company)
    template.save()
    if "lines" in data:
        template.lines.all().delete()
        TemplateLine.objects.bulk_create(
            TemplateLine(
                template=template, position=position, account_id=line["acc_id"], side=line["side"],
                amount=line["amount"], formula=line["formula"], rounding=line["rounding"],
            )
            for position, line in enumerate(data["lines"])
        )


def _check_legend(legend: str) -> None:
    if unknown := unknown_words(legend):
        text = _("These placeholders mean nothing: %(unknown)s. There are: %(known)s.") % {
            "unknown": ", ".join(f"{{{word}}}" for word in unknown),
            "known": ", ".join(f"{{{word}}}" for word in WORDS),
        }
        raise TemplateInvalid({"legend": [text]})


def _check_lines(lines: Sequence[LineData], company: Company) -> None:
    """Raise TemplateInvalid naming each line and field that cannot be."""
    rows = Account.objects.filter(company=company, pk__in={line["acc_id"] for line in lines})
    postable = dict(rows.values_list("pk", "postable"))
    messages = [_line_messages(line, postable) for line in lines]
    if any(messages):
        raise TemplateInvalid({"lines": messages})
    if sum(line["rounding"] for line in lines) > 1:
        raise TemplateInvalid({"lines": [_("At most one line can take the rounding.")]})
    if len({line["side"] for line in lines}) < 2:
        raise TemplateInvalid({"lines": [_("A template needs lines on both sides.")]})


def _line_messages(line: LineData, postable: dict[int, bool]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if line["acc_id"] not in postable:
        found["acc_id"] = [FAULT_TEXTS["account_unknown"]]
    elif not postable[line["acc_id"]]:
        found["acc_id"] = [FAULT_TEXTS["account_heading"]]
    if bool(line["formula"]) == (line["amount"] is not None):
        found["amount"] = [_("A line has either an amount or a formula.")]
    elif line["formula"]:
        try:
            check_formula(line["formula"])
        except FormulaFault as fault:
            found["formula"] = [fault_text(fault.code, fault.at)]
    return found


def _tell(action: str, template: Template, *, acting_user: User) -> None:
    record(
        action, acting_user=acting_user, company_id=template.company_id, subject=SUBJECT, subject_id=template.pk,
        detail={"name": template.name},
    )
