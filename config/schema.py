"""How the OpenAPI document describes what the code does not say by itself.

Views say what is their own (`@extend_schema`, `@refuses_with`); what all views share is added here:
the X-Company header, the paging headers, who may call, and the error answers of the contract.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework.permissions import AllowAny

from apps.common.errors import AppError, Forbidden, Missing
from apps.common.schema import FACTS, ErrorSerializer, RefusalSerializer
from apps.companies.scope import COMPANY_HEADER, ForeignCompany, ScopedView, UnknownCompany
from apps.config.policy import MATRIX, Grant
from config.errors import body_of, status_of
from config.summaries import SUMMARIES

_COMPANY = OpenApiParameter(
    COMPANY_HEADER, int, OpenApiParameter.HEADER,
    description=gettext_lazy("The company to act in; only rol 0 may name another than their own."),
)
_PAGING = [
    OpenApiParameter(
        "X-Total-Count", int, OpenApiParameter.HEADER, response=[200],
        description=gettext_lazy("How many there are on all pages."),
    ),
    OpenApiParameter(
        "Link", str, OpenApiParameter.HEADER, response=[200],
        description=gettext_lazy("Addresses of the first, prev, next and last page (RFC 8288)."),
    ),
]
_RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[429, 503],
    description=gettext_lazy("Seconds to wait before trying again."),
)
_FIELD_ERRORS: dict[str, Any] = {
    "type": "object",
    "description": gettext_lazy("Messages by field; nested fields nest. `non_field_errors` are about several at once."),
    "additionalProperties": {
        "oneOf": [{"type": "array", "items": {}}, {"type": "object", "additionalProperties": {}}],
    },
    "example": {"<field>": ["Este campo es requerido."]},
}

class TokenScheme(SimpleJWTScheme):
    """Describes our authentication as what it is: a JWT in `Authorization: Bearer`."""

    target_class = "apps.users.authentication.TokenAuthentication"


class MosaiteAutoSchema(AutoSchema):
    """drf-spectacular's description of a view, completed with what views tell and what every view has."""

    def is_excluded(self) -> bool:
        """Leave out what says so."""
        return bool(self._told("exclude", otherwise=False))

    def get_operation_id(self) -> str:
        """Return the name that the method was given, or the one that its path gives."""
        return self._told("operation_id") or super().get_operation_id()

    def get_tags(self) -> list[str]:
        """Return the part of the API to which the view belongs."""
        return self._told("tags") or super().get_tags()

    def get_request_serializer(self) -> Any:
        """Return what is sent."""
        told = self._told("request", otherwise=self)
        return super().get_request_serializer() if told is self else told

    def get_response_serializers(self) -> Any:
        """Return what is answered."""
        told = self._told("responses", otherwise=self)
        return super().get_response_serializers() if told is self else told

    def get_examples(self) -> list[Any]:
        """Return examples of both."""
        return list(self._told("examples", otherwise=()))

    def get_override_parameters(self) -> list[Any]:
        """Add the header that chooses the company, and those that carry paging."""
        parameters: list[Any] = [*self._told("parameters", otherwise=()), _RETRY_AFTER]
        if isinstance(self.view, ScopedView):
            parameters.append(_COMPANY)
        if self._is_list_view() and self._get_paginator():
            parameters += _PAGING
        return parameters

    def _get_format_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_format_parameters()
        return [{**found, "description": _("The form of the answer, in place of `Accept`.")} for found in parameters]

    def get_summary(self) -> Any:
        """Return what the operation does in a few words, in the reader's language."""
        return SUMMARIES.get(self.get_operation_id())

    def get_description(self) -> str:  # type: ignore[override]
        """Add who may call, from the permission matrix itself."""
        rule = MATRIX.get(self._operation() or "")
        described = str(super().get_description() or "")
        if rule is None:
            return described
        who = _("Roles: business mode %(business)s; educational mode %(educational)s.") % {
            "business": _roles(rule.business), "educational": _roles(rule.educational),
        }
        return f"{described}\n\n{who}".strip()

    def _told(self, name: str, *, otherwise: Any = None) -> Any:
        """Return what the method, or else its class, tells by `@extend_schema`."""
        for teller in (self._view_method(), type(self.view)):
            if name in (facts := getattr(teller, FACTS, {})):
                return facts[name]
        return otherwise

    def _view_method(self) -> Any:
        return getattr(self.view, self._method_name(), None)

    def _method_name(self) -> str:
        return getattr(self.view, "action", None) or str(self.method).lower()

    def _operation(self) -> str | None:
        operations: dict[str, str] = getattr(self.view, "operations", {})
        return operations.get(self._method_name())

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if "400" in bodies and direction == "response":
            # A view that answers 400 in its own form does not do so to a body that cannot be read.
            for content in bodies["400"].get("content", {}).values():
                content["schema"] = {"anyOf": [content["schema"], *self._wrong_input()["anyOf"]]}
        for status, answer in self._error_answers().items():
            if str(status) not in bodies:
                bodies[str(status)] = self._get_response_for_code(answer, str(status), ["application/json"], direction)
        return dict(sorted(bodies.items()))

    def _error_answers(self) -> dict[int | str, OpenApiResponse]:
        """Return the answers that no view needs to repeat, and those of its `@refuses_with`."""
        answers: dict[int | str, OpenApiResponse] = {
            "default": OpenApiResponse(ErrorSerializer, _("Any other error, such as 405, 413, 415, 500 or 503.")),
        }
        if AllowAny not in {type(permission) for permission in self.view.get_permissions()}:
            answers[401] = OpenApiResponse(ErrorSerializer, _("No valid access token."))
        if self._takes_input():
            answers[400] = OpenApiResponse(self._wrong_input(), _("Some data is not valid."))
        if self.view.get_throttles():
            answers[429] = OpenApiResponse(ErrorSerializer, _("Too many attempts: wait `Retry-After` seconds."))
        for status, refusals in self._refusals().items():
            answers[status] = self._refusal(status, refusals)
        return answers

    def _takes_input(self) -> bool:
        return self._get_request_body() is not None or any(
            parameter["in"] == "query" for parameter in self._get_parameters()
        )

    def _refusals(self) -> dict[int, list[type[AppError]]]:
        """Return the errors that the method declares, and those of the scope and the path, by status."""
        declared: list[type[AppError]] = [*getattr(self._view_method(), "refusals", ())]
        if getattr(self.view, "operations", None):
            declared.append(Forbidden)
        if isinstance(self.view, ScopedView):
            declared += [ForeignCompany, UnknownCompany]
        if "{" in self.path:
            declared.append(Missing)
        by_status: dict[int, list[type[AppError]]] = {}
        for error_class in dict.fromkeys(declared):
            by_status.setdefault(status_of(error_class), []).append(error_class)
        return by_status

    def _refusal(self, status: int, refusals: list[type[AppError]]) -> OpenApiResponse:
        examples = [
            OpenApiExample(refusal.code, body_of(refusal.__new__(refusal)), status_codes=[str(status)])
            for refusal in refusals
        ]
        codes = ", ".join(f"`{refusal.code}`" for refusal in refusals)
        schema: Any = RefusalSerializer if "error" in examples[0].value else ErrorSerializer
        if status == 400 and self._takes_input():
            schema = self._wrong_input(schema)
        return OpenApiResponse(schema, _("Refused: %(codes)s.") % {"codes": codes}, examples)

    def _wrong_input(self, *refusals: Any) -> dict[str, Any]:
        """Return the schema of 400: field errors, or a body that cannot be read at all, or a refusal."""
        others = [self.resolve_serializer(form, "response").ref for form in (ErrorSerializer, *refusals)]
        return {"anyOf": [self._field_errors(), *others]}

    def _field_errors(self) -> dict[str, Any]:
        component = ResolvedComponent(
            name="FieldErrors", type=ResolvedComponent.SCHEMA, schema=_FIELD_ERRORS, object="FieldErrors"
        )
        self.registry.register_on_missing(component)
        return dict(component.ref)


class MosaiteSchemaGenerator(SchemaGenerator):
    """drf-spectacular's writer of the document.

    It gives each view its description: named in DRF's settings, every process would load what the document needs.
    """

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        """Return the view that answers `method`, with its description."""
        callback.cls.schema = MosaiteAutoSchema()
        return super().create_view(callback, method, request)


def _roles(grant: Grant) -> str:
    anyone = ", ".join(str(rol) for rol in sorted(grant.any_row))
    own = ", ".join(str(rol) for rol in sorted(grant.own))
    parts = [anyone, _("own rows only: %(roles)s") % {"roles": own} if own else ""]
    return "; ".join(part for part in parts if part) or _("nobody")
