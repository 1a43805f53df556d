"""Looking at what was brought in before it is kept."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.companies.models import Company
from apps.trans.verification import verify_ledger
from apps.transfer.errors import TransferRefused


def must_verify(company: Company) -> None:
    """Raise TransferRefused where the company's books, in the unit of work under way, are not right."""
    findings = verify_ledger(company)
    if findings:
        raise TransferRefused(
            _("The books would not be right (%(count)d faults, the first: %(first)s).")
            % {"count": len(findings), "first": findings[0]}
        )
