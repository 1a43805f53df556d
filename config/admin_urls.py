"""The addresses of the admin, in a module of their own, which is loaded when one of them is asked for."""

from __future__ import annotations

from django.contrib import admin

urlpatterns = admin.site.get_urls()
