"""The peer's view: what a Django developer writes first, with its queries already prefetched."""

from __future__ import annotations

from django.urls import include, path
from rest_framework import generics, pagination, serializers

from apps.accounts.models import Account
from apps.trans.models import Entry, Transaction
from config import health


class AccountSerializer(serializers.ModelSerializer):
    nature_display = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields = ["acc_id", "code", "name", "saldo", "nature", "nature_display", "status"]

    def get_nature_display(self, account):
        return "Deudora" if account.nature else "Acreedora"


class EntrySerializer(serializers.ModelSerializer):
    account = AccountSerializer()
    acc_id = serializers.IntegerField(source="account_id")

    class Meta:
        model = Entry
        fields = ["entr_id", "acc_id", "account", "debit", "credit"]


class TransactionSerializer(serializers.ModelSerializer):
    entries = EntrySerializer(many=True)
    user_name = serializers.CharField(source="user.name")
    status_display = serializers.CharField(source="get_status_display")

    class Meta:
        model = Transaction
        fields = [
            "trans_id", "user", "user_name", "status", "status_display", "date", "legend", "created_at", "updated_at",
            "entries", "number", "kind", "reverses", "version", "company",
        ]


class Pages(pagination.PageNumberPagination):
    page_size = 100


class TransactionList(generics.ListAPIView):
    queryset = Transaction.objects.select_related("user").prefetch_related("entries__account")
    serializer_class = TransactionSerializer
    pagination_class = Pages
    filter_backends = []


urlpatterns = [
    path("healthz", health.healthz),
    path("api/trans/", TransactionList.as_view()),
    path("api/", include("apps.users.urls")),
]
