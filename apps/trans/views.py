"""The API of transactions."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.common.schema import extend_schema, refuses_with
from apps.companies.errors import PeriodClosed
from apps.companies.scope import ScopedView
from apps.trans import actions, errors, wire
from apps.trans.filters import TransactionFilter
from apps.trans.idempotency import answer_once
from apps.trans.models import Transaction
from apps.trans.queries import transactions_of
from apps.trans.serializers import (
    BulkInSerializer,
    BulkOutSerializer,
    LimitSerializer,
    ListedTransactionSerializer,
    ReversalInSerializer,
    TransactionInSerializer,
    TransactionSerializer,
)
from ledger.entries import Draft

_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?\Z')
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER,
    description="A key of your own: the same key and body answer as the first time, whatever happened to the answer.",
)
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The `version` that you read; 412 when it has changed."
)
_SALE = OpenApiExample(
    "Venta al contado",
    {
        "date": "2026-03-02",
        "legend": "Venta al contado",
        "entries": [
            {"acc_id": 11, "debit": 121000},
            {"acc_id": 140, "credit": 100000},
            {"acc_id": 75, "credit": 21000},
        ],
    },
    request_only=True,
)
_LEGEND = OpenApiExample("Otra leyenda", {"legend": "Venta al contado, factura 0001-00000042"}, request_only=True)
_REVERSAL = OpenApiExample("Importe equivocado", {"reason": "El importe era otro"}, request_only=True)
_BULK = OpenApiExample("Close three", {"action": "close", "trans_ids": [41, 42, 43]}, request_only=True)


def _version(request: Request) -> int | None:
    """Return the version of `If-Match`, None for none or `*`; ValidationError for another thing."""
    raw = request.headers.get("If-Match", "*").strip()
    if raw == "*":
        return None
    if not (match := _VERSION.match(raw)):
        raise ValidationError({"If-Match": [_('Write the version that you read, in quotes: "3".')]})
    return int(match.group(1))


def idempotency_key(request: Request) -> str | None:
    """Return the `Idempotency-Key`, None for none; ValidationError (400) for one that cannot be a key."""
    raw = request.headers.get("Idempotency-Key")
    if raw is not None and not _KEY.match(raw):
        raise ValidationError({"Idempotency-Key": [_("The key must be 1 to 255 printable characters without blanks.")]})
    return raw


def _answer(transaction: wire.TransactionWire, status: int = 200) -> Response:
    return Response(transaction, status=status, headers={"ETag": f'"{transaction["version"]}"'})


class TransactionViewSet(ScopedView, GenericViewSet):  # type: ignore[type-arg]
    """Transactions (asientos) of the company."""

    operations = {
        "list": "trans.read",
        "retrieve": "trans.read",
        "recent": "trans.read",
        "create": "trans.create",
        "update": "trans.edit",
        "partial_update": "trans.edit",
        "destroy": "trans.delete",
        "toggle_status": "trans.verify",
        "close": "trans.close",
        "reverse": "trans.reverse",
        "bulk": "trans.close",
    }
    queryset = Transaction.objects.none()  # what kind of rows, for the OpenAPI document
    serializer_class = TransactionInSerializer
    filterset_class = TransactionFilter
    ordering_fields = ("date", "created_at", "number", "total", "status")
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return the company's transactions."""
        return transactions_of(self.company)

    @extend_schema(responses=ListedTransactionSerializer(many=True))
    def list(self, _request: Request) -> Response:
        """Answer a page of transactions with their lines."""
        rows = self.filter_queryset(self.get_queryset())
        page: Any = self.paginate_queryset(wire.Headers(rows))  # type: ignore[arg-type]  # it is cut, never walked
        return self.get_paginated_response(wire.write_listed(page or []))

    @extend_schema(responses=TransactionSerializer)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Answer one transaction."""
        return self._written(int(pk))

    @extend_schema(parameters=[LimitSerializer], responses=ListedTransactionSerializer(many=True))
    @action(detail=False, pagination_class=None)
    def recent(self, request: Request) -> Response:
        """Answer the newest transactions."""
        limit = LimitSerializer(data=request.query_params.dict())
        limit.is_valid(raise_exception=True)
        rows = self.filter_queryset(self.get_queryset())[: limit.validated_data["limit"]]
        return Response(wire.write_listed(list(wire.headers(rows))))

    @extend_schema(
        request=TransactionInSerializer, responses={201: TransactionSerializer}, parameters=[IDEMPOTENCY_KEY],
        examples=[_SALE],
    )
    @refuses_with(PeriodClosed, errors.KeyReused)
    def create(self, request: Request) -> Response:
        """Record a transaction, to be verified."""
        data = self._valid(TransactionInSerializer, request)
        draft = Draft(data["date"], data.get("legend", ""), data["entries"])

        def post() -> wire.TransactionWire:
            posted = actions.post_transaction(draft, acting_user=self.acting_user, company=self.company)
            return wire.write_recorded(posted)

        key = idempotency_key(request)
        answer = answer_once(key, request.data, post, acting_user=self.acting_user, company=self.company)
        return _answer(answer, 201)

    @extend_schema(responses=TransactionSerializer, parameters=[_IF_MATCH], examples=[_SALE])
    @refuses_with(PeriodClosed, errors.TransactionVerified, errors.TransactionClosed, errors.VersionMismatch,
                  errors.NotYours)
    def update(self, request: Request, pk: str, *, partial: bool = False) -> Response:
        """Replace a transaction that awaits verification, lines included."""
        data = self._valid(TransactionInSerializer, request, partial=partial)
        change = actions.Change(
            date=data.get("date"),
            legend=data.get("legend", None if partial else ""),
            lines=data.get("entries"),
        )
        actions.edit_transaction(
            int(pk), change, acting_user=self.acting_user, company=self.company,
            reach=self.reach(request, "trans.edit"), version=_version(request),
        )
        return self._written(int(pk))

    @extend_schema(responses=TransactionSerializer, parameters=[_IF_MATCH], examples=[_LEGEND])
    @refuses_with(PeriodClosed, errors.TransactionVerified, errors.TransactionClosed, errors.VersionMismatch,
                  errors.NotYours)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent; the lines, when given, replace the old ones."""
        return self.update(request, pk, partial=True)

    @extend_schema(responses={204: None})
    @refuses_with(PeriodClosed, errors.TransactionClosed, errors.NotYours, errors.NoLongerPending)
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a transaction that is not closed."""
        actions.delete_transaction(
            int(pk), acting_user=self.acting_user, company=self.company, reach=self.reach(request, "trans.delete")
        )
        return Response(status=204)

    @extend_schema(request=None, responses=TransactionSerializer)
    @refuses_with(PeriodClosed, errors.TransactionClosed)
    @action(detail=True, methods=["post"])
    def toggle_status(self, _request: Request, pk: str) -> Response:
        """Verify a transaction, or withdraw its verification."""
        actions.toggle_status(int(pk), acting_user=self.acting_user, company=self.company)
        return self._written(int(pk))

    @extend_schema(request=None, responses=TransactionSerializer)
    @refuses_with(PeriodClosed, errors.NotVerified, errors.AlreadyClosed)
    @action(detail=True, methods=["post"])
    def close(self, _request: Request, pk: str) -> Response:
        """Close a verified transaction for ever, with its number."""
        actions.close_transaction(int(pk), acting_user=self.acting_user, company=self.company)
        return self._written(int(pk))

    @extend_schema(request=ReversalInSerializer, responses={201: TransactionSerializer}, examples=[_REVERSAL])
    @refuses_with(PeriodClosed, errors.NotClosed, errors.AlreadyReversed, errors.AccountsUnusable, errors.NotYours)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        """Record the mirror of a closed transaction, closed too."""
        data = self._valid(ReversalInSerializer, request)
        mirror = actions.reverse_transaction(
            int(pk), reason=data["reason"], date=data.get("date"), acting_user=self.acting_user, company=self.company,
            reach=self.reach(request, "trans.reverse"),
        )
        return self._written(mirror.pk, status=201)

    @extend_schema(request=BulkInSerializer, responses=BulkOutSerializer, examples=[_BULK])
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Verify or close many transactions; each is answered for itself."""
        data = self._valid(BulkInSerializer, request)
        act = actions.verify_transactions if data["action"] == "verify" else actions.close_transactions
        outcomes = act(data["trans_ids"], acting_user=self.acting_user, company=self.company)
        return Response({"results": [_result(outcome) for outcome in outcomes]})

    def _valid(self, serializer_class: Any, request: Request, *, partial: bool = False) -> dict[str, Any]:
        serializer = serializer_class(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _written(self, trans_id: int, status: int = 200) -> Response:
        return _answer(wire.write_one(self.company, trans_id), status)


def _result(outcome: actions.Outcome) -> dict[str, Any]:
    if outcome.error is None:
        return {"trans_id": outcome.trans_id, "ok": True}
    error = outcome.error
    return {"trans_id": outcome.trans_id, "ok": False, "code": error.code, "error": str(error.message)}
