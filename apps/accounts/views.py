"""The API of accounts."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts import actions, errors, wire
from apps.accounts.filters import AccountFilter
from apps.accounts.models import Account
from apps.accounts.queries import account_of, accounts_of, active_accounts_of
from apps.accounts.serializers import AccountInSerializer, AccountNodeSerializer, AccountSerializer
from apps.common.pagination import WidePagination
from apps.common.schema import extend_schema, refuses_with
from apps.companies.scope import ScopedView

_ACCOUNT = OpenApiExample(
    "Cuenta bancaria", {"code": "11109", "name": "Banco Ciudad cuenta corriente", "nature": True}, request_only=True,
)
_RENAMED = OpenApiExample("Otro nombre", {"name": "Banco Ciudad caja de ahorro"}, request_only=True)


class AccountViewSet(ScopedView, GenericViewSet):  # type: ignore[type-arg]
    """Accounts of the company's chart."""

    operations = {
        "list": "accounts.read",
        "active": "accounts.read",
        "tree": "accounts.read",
        "retrieve": "accounts.read",
        "create": "accounts.write",
        "update": "accounts.write",
        "partial_update": "accounts.write",
        "destroy": "accounts.delete",
    }
    queryset = Account.objects.none()  # what OpenAPI and the filters read the model from
    serializer_class = AccountInSerializer
    filterset_class = AccountFilter
    pagination_class = WidePagination
    ordering_fields = ("code", "name", "kind", "nature", "status", "acc_id")
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(responses=AccountSerializer(many=True))
    def list(self, _request: Request) -> Response:
        """Answer the chart, headings included, in order of code."""
        return self._page(accounts_of(self.company))

    @extend_schema(responses=AccountSerializer(many=True))
    @action(detail=False)
    def active(self, _request: Request) -> Response:
        """Answer the accounts that a transaction may move: active and postable."""
        return self._page(active_accounts_of(self.company))

    @extend_schema(responses=AccountNodeSerializer(many=True))
    @action(detail=False, pagination_class=None, filterset_class=None, ordering_fields=None)
    def tree(self, _request: Request) -> Response:
        """Answer the whole chart, each account in its heading, with the headings' sums."""
        return Response(wire.write_tree(wire.rows(accounts_of(self.company))))

    @extend_schema(responses=AccountSerializer)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Answer one account."""
        return self._written(int(pk))

    @extend_schema(request=AccountInSerializer, responses={201: AccountSerializer}, examples=[_ACCOUNT])
    @refuses_with(errors.ChartFull)
    def create(self, request: Request) -> Response:
        """Add an account or heading."""
        fields = self._valid(request)
        account = actions.create_account(fields, acting_user=self.acting_user, company=self.company)
        return self._written(account.pk, status=201)

    @extend_schema(responses=AccountSerializer, examples=[_ACCOUNT])
    @refuses_with(errors.AccountInUse)
    def update(self, request: Request, pk: str, *, partial: bool = False) -> Response:
        """Change an account; of one in use, all but its code, nature, kind and postable."""
        fields = self._valid(request, partial=partial)
        actions.edit_account(int(pk), fields, acting_user=self.acting_user, company=self.company)
        return self._written(int(pk))

    @extend_schema(responses=AccountSerializer, examples=[_RENAMED])
    @refuses_with(errors.AccountInUse)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent of an account."""
        return self.update(request, pk, partial=True)

    @extend_schema(responses={204: None})
    @refuses_with(errors.AccountInUse)
    def destroy(self, _request: Request, pk: str) -> Response:
        """Delete an account that has neither entries nor accounts under it."""
        actions.delete_account(int(pk), acting_user=self.acting_user, company=self.company)
        return Response(status=204)

    def _valid(self, request: Request, *, partial: bool = False) -> actions.AccountFields:
        serializer = AccountInSerializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return cast(actions.AccountFields, serializer.validated_data)

    def _page(self, accounts: Any) -> Response:
        page = self.paginate_queryset(wire.rows(self.filter_queryset(accounts)))
        return self.get_paginated_response([wire.write(row) for row in page or []])

    def _written(self, acc_id: int, status: int = 200) -> Response:
        return Response(wire.write_one(account_of(self.company, acc_id)), status=status)
