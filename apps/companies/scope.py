"""Which company a request works in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from apps.common.errors import Forbidden, Missing
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.config.permissions import MatrixView, answers
from apps.config.policy import Reach

COMPANY_HEADER = "X-Company"
NUMBER_DIGITS_MAX = 18


class ForeignCompany(Forbidden):
    """The header names a company that is not the caller's."""

    code = "company_forbidden"
    message = _("You can work only in your own company.")


class UnknownCompany(Missing):
    """The header names no company."""

    code = "company_not_found"
    message = _("There is no company with that number (header X-Company).")


class ScopedView(MatrixView):
    """Base of API views that work in a company: asks the matrix, then sets `self.company`.

    `self.company_named` tells whether the caller chose the company by the header.
    """

    company: Company
    company_named: bool

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Resolve the company after authentication and permission."""
        super().initial(request, *args, **kwargs)
        if not answers(self, request):
            return  # to DRF, which answers 405
        named = request.headers.get(COMPANY_HEADER)
        self.company_named = named is not None
        self.company = self._own() if named is None else self._named(request, _number(named))

    def _own(self) -> Company:
        return self.acting_user.company or default_company()

    def _named(self, request: Request, company_id: int | None) -> Company:
        own = self._own()
        if company_id == own.company_id:
            return own
        if self.reach(request, "companies.switch") is not Reach.ANY:
            raise ForeignCompany
        company = Company.objects.filter(pk=company_id).first() if company_id is not None else None
        if company is None:
            raise UnknownCompany
        return company


def _number(raw: str) -> int | None:
    """Return the number that the header names; None where it is none that a company could have."""
    digits = raw.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS_MAX else None
