"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.trans.views import TransactionViewSet

router = SimpleRouter()
router.register("trans", TransactionViewSet, basename="transaction")

urlpatterns = router.urls
