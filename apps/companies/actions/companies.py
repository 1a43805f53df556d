"""Opening, changing and removing companies."""

from __future__ import annotations

import logging
from typing import TypedDict

from django.db.models import ProtectedError

from apps.audit.actions import Actor, record
from apps.common.db import lock_row, unit_of_work
from apps.common.errors import Conflict
from apps.companies.actions.furnishing import furnish, unfurnish
from apps.companies.errors import CompanyInUse, CompanyKindFixed, DefaultCompany, UnknownCompanyNumber
from apps.companies.models import Company, CompanyKind, Period, PeriodStatus

logger = logging.getLogger(__name__)
SUBJECT = "company"


class CompanyChanges(TypedDict, total=False):
    """What may be sent to change a company."""

    name: str
    kind: str


@unit_of_work
def open_company(name: str, *, kind: str = CompanyKind.SHARED, acting_user: Actor | None) -> Company:
    """Create a company with the default chart and the open periods of this year."""
    company = Company.objects.create(name=name, kind=kind)
    furnish([company], acting_user=acting_user)
    _tell("company.opened", company, acting_user=acting_user)
    return company


@unit_of_work
def open_bare_company(name: str, *, kind: str, acting_user: Actor | None) -> Company:
    """Create a company without chart and periods: for books that bring their own."""
    company = Company.objects.create(name=name, kind=kind)
    _tell("company.opened", company, acting_user=acting_user)
    return company


@unit_of_work
def change_company(company_id: int, changes: CompanyChanges, *, acting_user: Actor) -> Company:
    """Rename a company; CompanyKindFixed when its kind would change."""
    company = _locked(company_id)
    if changes.get("kind", company.kind) != company.kind:
        raise CompanyKindFixed
    name = changes.get("name", company.name)
    if name == company.name:
        return company
    detail = {"name": {"from": company.name, "to": name}}
    company.name = name
    company.save(update_fields=["name"])
    record(
        "company.changed", acting_user=acting_user, company_id=company.pk, subject=SUBJECT, subject_id=company.pk,
        detail=detail,
    )
    return company


@unit_of_work
def remove_company(company_id: int, *, acting_user: Actor | None) -> None:
    """Delete a company that nobody has used: no users, no transactions, no closed period.

    Raises DefaultCompany, CompanyInUse. Its trail stays; the system's trail tells the end.
    """
    company = _locked(company_id)
    if company.is_default:
        raise DefaultCompany
    if Period.objects.filter(company=company, status=PeriodStatus.CLOSED).exists():
        raise CompanyInUse
    try:
        unfurnish(company, acting_user=acting_user)
        company.delete()
    except (ProtectedError, Conflict) as error:  # a room above says what stands in it
        raise CompanyInUse from error
    record(
        "company.removed", acting_user=acting_user, company_id=None, subject=SUBJECT, subject_id=company_id,
        detail={"name": company.name, "kind": company.kind},
    )
    logger.info("company.removed", extra={"company_id": company_id})


def _locked(company_id: int) -> Company:
    company = lock_row(Company.objects.filter(pk=company_id)).first()
    if company is None:
        raise UnknownCompanyNumber
    return company


def _tell(action: str, company: Company, *, acting_user: Actor | None) -> None:
    record(
        action, acting_user=acting_user, company_id=company.pk, subject=SUBJECT, subject_id=company.pk,
        detail={"name": company.name, "kind": company.kind},
    )
    logger.info(action, extra={"company_id": company.pk, "kind": company.kind})
