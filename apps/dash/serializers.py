"""The dashboard's answer as OpenAPI describes it; `wire.write` makes it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from apps.dash.wire import MONTH_LABELS

_LOADED = "Verified and closed transactions."
_PEOPLE = "Distinct people with such transactions."


class DashboardMonthSerializer(serializers.Serializer[Any]):
    """A month of the evolution."""

    mes = serializers.ChoiceField([(label, label) for label in MONTH_LABELS])
    asientos = serializers.IntegerField(help_text=_LOADED)
    cobertura = serializers.IntegerField(help_text=_PEOPLE)


class DashboardGroupSerializer(serializers.Serializer[Any]):
    """A group's activity."""

    grupo = serializers.CharField()
    asientos = serializers.IntegerField(help_text=_LOADED)
    cobertura = serializers.IntegerField(help_text=_PEOPLE)


class DashboardNoticeSerializer(serializers.Serializer[Any]):
    """Something that a teacher should look at."""

    code = serializers.ChoiceField(["unverified_overdue", "group_idle"])
    mensaje = serializers.CharField(help_text="For people, in Spanish.")
    asientos = serializers.IntegerField(required=False, help_text="`unverified_overdue`: how many.")
    mes = serializers.CharField(required=False, help_text="`unverified_overdue`: the oldest month, `YYYY-MM`.")
    grupo = serializers.CharField(required=False, help_text="`group_idle`: which.")


# Made from a dict because the contract's keys are no Python names.
DashboardSerializer = inline_serializer("Dashboard", {
    "total-alumnos": serializers.IntegerField(help_text="Active users with rol 2."),
    "cantidad-grupos": serializers.IntegerField(help_text="Their distinct groups."),
    "asientos-cargados": serializers.IntegerField(help_text=_LOADED),
    "libros-diarios": serializers.IntegerField(help_text="A transaction closed outside a daily book counts as one."),
    "evolucionHistorica": DashboardMonthSerializer(many=True, help_text="Six calendar months, the current one last."),
    "actividadPorGrupo": DashboardGroupSerializer(many=True, help_text="Most active first."),
    "avisos": DashboardNoticeSerializer(many=True),
    "alerta": serializers.CharField(required=False, help_text="Only when total debe and haber differ."),
})
