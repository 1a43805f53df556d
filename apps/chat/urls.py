"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.chat.views import ChatViewSet, DocumentViewSet, HistoryViewSet

router = SimpleRouter()
router.register("chat/history", HistoryViewSet, basename="chat-history")
router.register("chat/documents", DocumentViewSet, basename="chat-document")
router.register("chat", ChatViewSet, basename="chat")

urlpatterns = router.urls
