"""Paths of the room; the first Mosaite's manual spells some of them in several ways."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from apps.users.auth_views import LoginView, LogoutView, RefreshView
from apps.users.views import UserViewSet

router = SimpleRouter()
router.register("users", UserViewSet, basename="users")

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/login/", LoginView.as_view(), name="login"),
    path("auth/token/", LoginView.as_view(), name="token"),
    path("users/token/", LoginView.as_view(), name="users-token"),
    path("auth/refresh/", RefreshView.as_view(), name="refresh"),
    path("auth/token/refresh/", RefreshView.as_view(), name="token-refresh"),
    path("auth/logout/", LogoutView.as_view(), name="logout"),
    path("users/logout/", LogoutView.as_view(), name="users-logout"),
    path("", include(router.urls)),
]
