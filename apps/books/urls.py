"""Paths of the room."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.books.index_views import IndexViewSet
from apps.books.reports import views as reports
from apps.books.views import DailyBookViewSet
from apps.books.years import views as years

router = SimpleRouter(use_regex_path=False)
router.register("libros", DailyBookViewSet, basename="daily-book")
router.register("indices", IndexViewSet, basename="price-index")

urlpatterns = [
    *router.urls,
    path("reports/libro-diario/", reports.JournalView.as_view(), name="report-journal"),
    path("reports/libro-mayor/", reports.MayorView.as_view(), name="report-mayor"),
    path("reports/sumas-y-saldos/", reports.TrialView.as_view(), name="report-trial"),
    path("reports/situacion-patrimonial/", reports.PositionView.as_view(), name="report-position"),
    path("reports/estado-de-resultados/", reports.ResultsView.as_view(), name="report-results"),
    path("reports/iva/", reports.VatView.as_view(), name="report-vat"),
    path("reports/antiguedad/", reports.AgesView.as_view(), name="report-ages"),
    path("years/<int:year>/closing/", years.ClosingView.as_view(), name="year-closing"),
    path("years/<int:year>/closing/preview/", years.ClosingPreviewView.as_view(), name="year-closing-preview"),
    path("years/<int:year>/reopen/", years.ReopenView.as_view(), name="year-reopen"),
    path("years/<int:year>/inflation/", years.InflationView.as_view(), name="year-inflation"),
]
