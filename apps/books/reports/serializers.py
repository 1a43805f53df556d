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
    opens = OpensSerializer(required=False, help_text="What opens the totals.")


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


class MayorAccountSerializer(Plain):
    """The account of a mayor."""

    acc_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    nature = serializers.BooleanField(help_text="True Deudora, false Acreedora: the side on which saldo is positive.")


class MayorRowSerializer(Plain):
    """A line with the running balance; without an account asked for, an account with what it moved."""

    entr_id = serializers.IntegerField(required=False)
    date = serializers.DateField(required=False)
    trans_id = serializers.IntegerField(required=False)
    number = serializers.IntegerField(required=False, allow_null=True)
    legend = serializers.CharField(required=False)
    status = serializers.IntegerField(required=False)
    kind = serializers.CharField(required=False)
    acc_id = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    saldo_inicial = MoneyField(required=False)
    debe = MoneyField()
    haber = MoneyField()
    saldo = MoneyField()
    opens = OpensSerializer(required=False)


class MayorTotalsSerializer(Plain):
    """Of the whole range, whatever page is shown."""

    saldo_inicial = MoneyField(required=False)
    debe = MoneyField()
    haber = MoneyField()
    saldo_final = MoneyField(required=False)


class MayorSerializer(ReportSerializer):
    """The libro mayor."""

    account = MayorAccountSerializer(allow_null=True)
    next = serializers.CharField(allow_null=True, help_text="Send it as `after` for the page behind this one.")
    rows = MayorRowSerializer(many=True)
    totals = MayorTotalsSerializer()


class JournalRowSerializer(Plain):
    """A line of a transaction."""

    trans_id = serializers.IntegerField()
    date = serializers.DateField()
    number = serializers.IntegerField(allow_null=True)
    legend = serializers.CharField()
    status = serializers.IntegerField()
    kind = serializers.CharField()
    acc_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    debe = MoneyField()
    haber = MoneyField()


class SidesSerializer(Plain):
    """Sums."""

    debe = MoneyField()
    haber = MoneyField()


class JournalSerializer(ReportSerializer):
    """The transactions of a range."""

    next = serializers.CharField(allow_null=True, help_text="Send it as `after` for the page behind this one.")
    rows = JournalRowSerializer(many=True)
    totals = SidesSerializer()


class StatementRowSerializer(Plain):
    """An account or heading in a section; `acc_id` is null for a result that no account holds.

    The last four stand only in a comparison.
    """

    section = serializers.CharField()
    acc_id = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    level = serializers.IntegerField()
    saldo = MoneyField()
    opens = OpensSerializer()
    saldo_comparado = MoneyField(required=False)
    variacion = MoneyField(required=False)
    variacion_porcentual = serializers.CharField(required=False, allow_null=True)
    opens_compared = OpensSerializer(required=False, allow_null=True)


class SpanSerializer(Plain):
    """Two days."""

    date_from = serializers.DateField()
    date_to = serializers.DateField()


class PositionTotalsSerializer(Plain):
    """activo = pasivo_y_patrimonio_neto. In a comparison each has its like that ends in `_comparado`."""

    activo_corriente = MoneyField()
    activo_no_corriente = MoneyField()
    pasivo_corriente = MoneyField()
    pasivo_no_corriente = MoneyField()
    activo = MoneyField()
    pasivo = MoneyField()
    patrimonio_neto = MoneyField()
    pasivo_y_patrimonio_neto = MoneyField()
    resultado = MoneyField(help_text="That of the estado de resultados of the same range.")
    cuentas_de_orden = MoneyField(help_text="Other than 0 only where an entry mixes them with other accounts.")


class PositionSerializer(ReportSerializer):
    """The estado de situación patrimonial."""

    compared = SpanSerializer(allow_null=True)
    rows = StatementRowSerializer(many=True)
    totals = PositionTotalsSerializer()


class ResultsTotalsSerializer(Plain):
    """resultado = ingresos - egresos."""

    ingresos = MoneyField()
    egresos = MoneyField()
    resultado = MoneyField()
    ingresos_comparado = MoneyField(required=False)
    egresos_comparado = MoneyField(required=False)
    resultado_comparado = MoneyField(required=False)


class ResultsSerializer(ReportSerializer):
    """The estado de resultados."""

    compared = SpanSerializer(allow_null=True)
    rows = StatementRowSerializer(many=True)
    totals = ResultsTotalsSerializer()


class VatTotalsSerializer(Plain):
    """saldo = debito_fiscal - credito_fiscal."""

    debito_fiscal = MoneyField()
    credito_fiscal = MoneyField()
    saldo = MoneyField()


class VatOpensSerializer(Plain):
    """What opens the two figures."""

    debito_fiscal = OpensSerializer(many=True)
    credito_fiscal = OpensSerializer(many=True)


class VatRowSerializer(VatTotalsSerializer):
    """A month, by its first day."""

    month = serializers.DateField()
    opens = VatOpensSerializer()


class VatAccountsSerializer(Plain):
    """Codes of the accounts that count."""

    debito_fiscal = serializers.ListField(child=serializers.CharField())
    credito_fiscal = serializers.ListField(child=serializers.CharField())


class VatSerializer(ReportSerializer):
    """IVA by month."""

    accounts = VatAccountsSerializer()
    rows = VatRowSerializer(many=True)
    totals = VatTotalsSerializer()


class AgesSumsSerializer(Plain):
    """What is owed, by age in days."""

    saldo = MoneyField()
    de_0_a_30 = MoneyField()
    de_31_a_60 = MoneyField()
    de_61_a_90 = MoneyField()
    mas_de_90 = MoneyField()
    a_favor = MoneyField()


class AgesRowSerializer(AgesSumsSerializer):
    """An account; `section` is creditos or deudas."""

    section = serializers.CharField()
    acc_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    opens = OpensSerializer()


class AgesTotalsSerializer(Plain):
    """Sums of both."""

    creditos = AgesSumsSerializer()
    deudas = AgesSumsSerializer()


class AgesSerializer(ReportSerializer):
    """Receivables and payables by age."""

    rows = AgesRowSerializer(many=True)
    totals = AgesTotalsSerializer()
