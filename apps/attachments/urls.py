"""Paths of the room."""

from __future__ import annotations

from django.urls import re_path
from rest_framework.routers import SimpleRouter

from apps.attachments.views import AttachmentViewSet, TransactionAttachmentsView

router = SimpleRouter()
router.register("attachments", AttachmentViewSet, basename="attachment")

urlpatterns = [
    re_path(
        r"^trans/(?P<pk>[0-9]{1,18})/attachments/\Z",
        TransactionAttachmentsView.as_view({"get": "list", "post": "create"}),
        name="transaction-attachments",
    ),
    *router.urls,
]
