"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.companies.trail_views import AuditViewSet
from apps.companies.views import CompanyViewSet, PeriodViewSet

router = SimpleRouter(use_regex_path=False)
router.register("companies", CompanyViewSet, basename="company")
router.register("periods", PeriodViewSet, basename="period")
router.register("audit", AuditViewSet, basename="audit")

urlpatterns = router.urls
