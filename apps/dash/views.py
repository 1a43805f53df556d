"""The API of the dashboard."""

from __future__ import annotations

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from apps.common.schema import extend_schema
from apps.companies.scope import ScopedView
from apps.dash import wire
from apps.dash.queries import statistics
from apps.dash.serializers import DashboardSerializer


class StatisticsView(ScopedView):
    """Figures of the books and of who works on them."""

    operations = {"get": "dash.read"}

    @extend_schema(responses=DashboardSerializer)
    def get(self, _request: Request) -> Response:
        """Answer the statistics of the company; for rol 0 without X-Company, of all companies together."""
        everywhere = self.acting_user.leads and not self.company_named
        company = None if everywhere else self.company
        return Response(wire.write(statistics(company, today=timezone.localdate())))
