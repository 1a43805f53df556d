"""Which company a request works in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.common.errors import Forbidden, Missing
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.config.permissions import MatrixPermission
from apps.config.policy import Reach, reach

COMPANY_HEADER = "X-Company"


class ForeignCompany(Forbidden):
    """The header names a company that is not the caller's."""

    code = "company_forbidden"
    message = _("You can work only in your own company.")


class UnknownCompany(Missing):
    """The header names no company."""

    code = "company_not_found"
    message = _("There is no company with that number (header X-Company).")


class ScopedView(APIView):
    """Base of API views: asks the matrix, then sets `self.company` and `self.acting_user`.

    `self.company_named` tells whether the caller chose the company by the header.
    """

    permission_classes = [MatrixPermission]
    operations: dict[str, str] = {}
    company: Company
    company_named: bool
    acting_user: Any  # a User, whose room stands above this one

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Resolve the company after authentication and permission."""
        super().initial(request, *args, **kwargs)
        self.acting_user = request.user
        named = request.headers.get(COMPANY_HEADER)
        self.company_named = named is not None
        self.company = self._own(request) if named is None else self._named(request, named.strip())

    def _own(self, request: Request) -> Company:
        return request.user.company or default_company()  # type: ignore[union-attr]

    def _named(self, request: Request, raw: str) -> Company:
        own = self._own(request)
        if raw == str(own.company_id):
            return own
        if self.reach(request, "companies.switch") is not Reach.ANY:
            raise ForeignCompany
        company = Company.objects.filter(company_id=int(raw)).first() if raw.isascii() and raw.isdigit() else None
        if company is None:
            raise UnknownCompany
        return company

    def reach(self, request: Request, operation: str) -> Reach:
        """Return how far the caller may go with an operation of the matrix."""
        mode = bool(getattr(request, "system_mode", False))
        return reach(request.user, operation, business=mode)  # type: ignore[arg-type]
