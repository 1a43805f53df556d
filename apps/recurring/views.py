"""The API of templates and recurring transactions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.common.reading import valid
from apps.common.schema import extend_schema, refuses_with
from apps.companies.errors import PeriodClosed
from apps.companies.scope import ScopedView
from apps.recurring import actions, errors, queries
from apps.recurring.filters import ScheduleFilter, TemplateFilter
from apps.recurring.models import OccurrenceStatus, Schedule, Template
from apps.recurring.serializers import (
    FilledSerializer,
    FillSerializer,
    OccurrenceSerializer,
    RunSerializer,
    ScheduleChangeSerializer,
    ScheduleInSerializer,
    ScheduleSerializer,
    SkipSerializer,
    TemplateChangeSerializer,
    TemplateInSerializer,
    TemplateSerializer,
)
from apps.trans import wire
from apps.trans.errors import KeyReused, NotYours
from apps.trans.idempotency import answer_once
from apps.trans.serializers import TransactionSerializer
from apps.trans.views import IDEMPOTENCY_KEY, idempotency_key

_TEMPLATE = OpenApiExample(
    "Factura de luz",
    {
        "name": "Luz", "legend": "Energía eléctrica de {mes_anterior}",
        "lines": [
            {"acc_id": 164, "side": "debit", "formula": "base / 1,27", "rounding": True},
            {"acc_id": 24, "side": "debit", "formula": "base / 1,27 * 27%"},
            {"acc_id": 68, "side": "credit", "formula": "base"},
        ],
    },
    request_only=True,
)
_NAME = OpenApiExample("Otro nombre", {"name": "Luz del local"}, request_only=True)
_FILL = OpenApiExample("La de marzo", {"date": "2026-04-05", "base": 12700000}, request_only=True)
_SCHEDULE = OpenApiExample(
    "El 5 de cada mes", {"template": 3, "frequency": "monthly", "day": 5, "start": "2026-01-01", "base": 12700000},
    request_only=True,
)
_PAUSE = OpenApiExample("Pausar", {"active": False}, request_only=True)
_SKIP = OpenApiExample("Saltear", {"due_date": "2026-04-05"}, request_only=True)


@extend_schema(tags=["recurring"])
class TemplateViewSet(ListModelMixin, RetrieveModelMixin, ScopedView, GenericViewSet[Template]):
    """Templates of transactions."""

    operations = {
        "list": "templates.read",
        "retrieve": "templates.read",
        "preview": "templates.read",
        "create": "templates.write",
        "update": "templates.write",
        "partial_update": "templates.write",
        "destroy": "templates.write",
        "post_one": "trans.create",
    }
    queryset = Template.objects.none()
    serializer_class = TemplateSerializer
    filterset_class = TemplateFilter
    ordering_fields = ("name", "created_at")
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Template]:
        """Return the company's templates."""
        return queries.templates_of(self.company)

    @extend_schema(request=TemplateInSerializer, responses={201: TemplateSerializer}, examples=[_TEMPLATE])
    def create(self, request: Request) -> Response:
        """Write a template: each line has a fixed amount, or a formula of the base amount."""
        data = valid(TemplateInSerializer, request.data)
        template = actions.write_template(data, acting_user=self.acting_user, company=self.company)  # type: ignore[arg-type]
        return self._written(template.pk, status=201)

    @extend_schema(request=TemplateInSerializer, examples=[_TEMPLATE])
    @refuses_with(errors.UnknownTemplate, NotYours)
    def update(self, request: Request, pk: str) -> Response:
        """Write a template anew; what recurs by it goes on with the new one."""
        queries.template_of(int(pk), self.company)
        return self._changed(int(pk), {"legend": "", **valid(TemplateInSerializer, request.data)})

    @extend_schema(request=TemplateChangeSerializer, examples=[_NAME])
    @refuses_with(errors.UnknownTemplate, NotYours)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent; lines that are sent replace all."""
        queries.template_of(int(pk), self.company)
        return self._changed(int(pk), valid(TemplateChangeSerializer, request.data))

    @extend_schema(responses={204: None})
    @refuses_with(errors.UnknownTemplate, errors.TemplateScheduled, NotYours)
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a template by which nothing recurs."""
        actions.remove_template(
            int(pk), acting_user=self.acting_user, company=self.company, reach=self.reach(request, "templates.write")
        )
        return Response(status=204)

    @extend_schema(request=FillSerializer, responses=FilledSerializer, examples=[_FILL])
    @refuses_with(errors.UnknownTemplate, errors.PatternUnfit)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str) -> Response:
        """Show what the template would record on a date, with a base amount; nothing is."""
        template = queries.template_of(int(pk), self.company)
        data = valid(FillSerializer, request.data)
        draft = actions.draft_from(template, data["date"], data["base"], data.get("legend"))
        return Response(FilledSerializer(draft).data)

    @extend_schema(
        request=FillSerializer, responses={201: TransactionSerializer}, examples=[_FILL], parameters=[IDEMPOTENCY_KEY]
    )
    @refuses_with(errors.UnknownTemplate, errors.PatternUnfit, PeriodClosed, KeyReused)
    @action(detail=True, methods=["post"], url_path="post")
    def post_one(self, request: Request, pk: str) -> Response:
        """Record a transaction from the template, to be verified."""
        template = queries.template_of(int(pk), self.company)
        data = valid(FillSerializer, request.data)

        def post() -> wire.TransactionWire:
            posted = actions.post_from_template(
                template, data["date"], data["base"], data.get("legend"), acting_user=self.acting_user,
                company=self.company,
            )
            return wire.write_recorded(posted)

        sent = {"template": template.pk, **data}
        answer = answer_once(
            idempotency_key(request), sent, post, acting_user=self.acting_user, company=self.company
        )
        return Response(answer, status=201)

    def _changed(self, template_id: int, data: dict[str, Any]) -> Response:
        actions.change_template(
            template_id, data, acting_user=self.acting_user, company=self.company,  # type: ignore[arg-type]
            reach=self.reach(self.request, "templates.write"),
        )
        return self._written(template_id)

    def _written(self, template_id: int, status: int = 200) -> Response:
        return Response(TemplateSerializer(queries.template_of(template_id, self.company)).data, status=status)


@extend_schema(tags=["recurring"])
class RecurringViewSet(ListModelMixin, RetrieveModelMixin, ScopedView, GenericViewSet[Any]):
    """Recurring transactions."""

    operations = {
        "list": "templates.read",
        "retrieve": "templates.read",
        "occurrences": "templates.read",
        "create": "templates.write",
        "partial_update": "templates.write",
        "destroy": "templates.write",
        "skip": "templates.write",
        "run": "recurring.run",
    }
    queryset = Schedule.objects.none()
    serializer_class = ScheduleSerializer
    filterset_class = ScheduleFilter
    ordering_fields = ("next_date", "created_at")
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Schedule]:
        """Return the company's recurring transactions."""
        return queries.schedules_of(self.company)

    @extend_schema(request=ScheduleInSerializer, responses={201: ScheduleSerializer}, examples=[_SCHEDULE])
    @refuses_with(errors.UnknownTemplate, errors.PatternUnfit)
    def create(self, request: Request) -> Response:
        """Let a template recur in your name: weekly, monthly on a day or the last one, or yearly."""
        data = valid(ScheduleInSerializer, request.data)
        template = queries.template_of(data.pop("template"), self.company)
        schedule = actions.open_schedule(template, data, acting_user=self.acting_user, company=self.company)  # type: ignore[arg-type]
        return self._written(schedule.pk, status=201)

    @extend_schema(request=ScheduleChangeSerializer, examples=[_PAUSE])
    @refuses_with(errors.UnknownSchedule, errors.PatternUnfit, NotYours)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change or pause it; due dates that were seen to stay as they are."""
        queries.schedule_of(int(pk), self.company)
        data = valid(ScheduleChangeSerializer, request.data, partial=True)
        actions.change_schedule(int(pk), data, **self._who())  # type: ignore[arg-type]
        return self._written(int(pk))

    @extend_schema(responses={204: None})
    @refuses_with(errors.UnknownSchedule, errors.SchedulePosted, NotYours)
    def destroy(self, _request: Request, pk: str) -> Response:
        """Delete a recurring transaction that has posted nothing."""
        actions.remove_schedule(int(pk), **self._who())
        return Response(status=204)

    @extend_schema(responses=OccurrenceSerializer(many=True))
    @refuses_with(errors.UnknownSchedule)
    @action(detail=True, filterset_class=None, ordering_fields=())
    def occurrences(self, _request: Request, pk: str) -> Response:
        """Answer what became of its due dates, newest first."""
        page = self.paginate_queryset(queries.occurrences_of(queries.schedule_of(int(pk), self.company)))
        return self.get_paginated_response(OccurrenceSerializer(page, many=True).data)

    @extend_schema(request=SkipSerializer, responses=OccurrenceSerializer, examples=[_SKIP])
    @refuses_with(errors.UnknownSchedule, errors.NotDue, NotYours)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Leave out the next due date, or one that failed."""
        queries.schedule_of(int(pk), self.company)
        occurrence = actions.skip(int(pk), valid(SkipSerializer, request.data)["due_date"], **self._who())
        return Response(OccurrenceSerializer(occurrence).data)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=False, methods=["post"])
    def run(self, _request: Request) -> Response:
        """Post what is due in the company up to today, as each day's tasks do; what failed is tried again."""
        outcomes = actions.post_due(timezone.localdate(), company=self.company)
        posted = sum(outcome.status == OccurrenceStatus.POSTED for outcome in outcomes)
        results = [asdict(outcome) for outcome in outcomes]
        return Response(RunSerializer({"posted": posted, "failed": len(outcomes) - posted, "results": results}).data)

    def _who(self) -> dict[str, Any]:
        reach = self.reach(self.request, "templates.write")
        return {"acting_user": self.acting_user, "company": self.company, "reach": reach}

    def _written(self, schedule_id: int, status: int = 200) -> Response:
        return Response(ScheduleSerializer(queries.schedule_of(schedule_id, self.company)).data, status=status)
