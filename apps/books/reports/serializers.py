"""What the reports answer as JSON, for the OpenAPI document: rows are written as plain data."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.fields import MoneyField

Plain = serializers.Serializer[Any]


class OpensSerializer(Plain):
    """What opens a figure: the report and the query that show what it is made of."""

    report = serializers.CharField()
    account = serializers.CharField(allow_null=True)
    date_from = serializers.DateField(allow_null=True)
    date_to = serializers.DateField()
    status = serializers.CharField(allow_null=True)


class ReportSerializer(Plain):
    """What every report has."""

    title = serializers.CharField()
    company = serializers.CharField(help_text="Name of the company.")
    company_id = serializers.IntegerField()
    date_from = serializers.DateField()
    date_to = serializers.DateField()


class TrialTotalsSerializer(Plain):
    """Sums of the columns."""

    saldo_inicial = MoneyField(help_text="Debe - haber before the range.")
    debe = MoneyField()
    haber = MoneyField()
    saldo_deudor = MoneyField()
    saldo_acreedor = MoneyField()


class TrialRowSerializer(TrialTotalsSerializer):
    """An account or heading."""

    acc_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.IntegerField()
    opens = OpensSerializer()


class TrialSerializer(ReportSerializer):
    """The balance de sumas y saldos."""

    rows = TrialRowSerializer(many=True)
    totals = TrialTotalsSerializer()
