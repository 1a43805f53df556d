"""The way in: every path of the system."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView, TemplateView

from config import errors, metrics
from config.schema_view import SchemaView

api: list[URLPattern | URLResolver] = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", TemplateView.as_view(template_name="common/docs.html"), name="docs"),
    path("", include("apps.users.urls")),
    path("", include("apps.config.urls")),
    path("", include("apps.companies.urls")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.attachments.urls")),
    path("", include("apps.trans.urls")),
    path("", include("apps.books.urls")),
    path("", include("apps.dash.urls")),
    path("", include("apps.llm.urls")),
    path("", include("apps.chat.urls")),
    path("", include("apps.consultor.urls")),
    path("", include("apps.exercises.urls")),
    path("", include("apps.transfer.urls")),
    path("", include("apps.recurring.urls")),
    re_path(r"^(?P<path>[\s\S]*)\Z", errors.unknown_api_path),  # `.` and `$` would let a line break pass by
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="docs"), name="home"),
    path("metrics", metrics.metrics),
    # By its module's name, as a root URLconf is given: it is loaded when somebody enters.
    path("admin/", ("config.admin_urls", "admin", "admin")),
    path("api/", include(api)),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
