"""How the OpenAPI document describes what the code does not say by itself."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema


class MosaiteAutoSchema(AutoSchema):
    """drf-spectacular's description of a view."""
