"""Paths of the room."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.trans.imports.views import ImportView, OpeningView
from apps.trans.views import TransactionViewSet

router = SimpleRouter()
router.register("trans", TransactionViewSet, basename="transaction")

urlpatterns = [
    path("trans/import/", ImportView.as_view(), name="transaction-import"),
    path("trans/opening/", OpeningView.as_view(), name="transaction-opening"),
    *router.urls,
]
