"""What a report may be asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.common.fields import IsoDateField
from apps.common.pagination import PAGE_SIZE_MAX
from apps.trans.balances import EVERY_STATUS
from ledger.rules import DATE_MAX, DATE_MIN
from ledger.spans import Span, the_span_before, the_year_before

LEVEL_MAX = 25
PAGE_SIZE = 100
FORMATS = ("json", "csv", "xlsx", "pdf")
_COMPARISONS = {"period": the_span_before, "year": the_year_before}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind this row, in order of date and key."""

    date: dt.date
    key: int

    def __str__(self) -> str:
        return f"{self.date.isoformat()}.{self.key}"

    @classmethod
    def read(cls, text: str) -> Place:
        """Return what `str` wrote; ValueError for another thing."""
        day, _dot, key = text.partition(".")
        return cls(dt.date.fromisoformat(day), int(key))


@dataclass(frozen=True, slots=True)
class Asked:
    """A report's range, both days included, and how it is to be narrowed and shown."""

    date_from: dt.date
    date_to: dt.date
    account: str | None = None
    level: int | None = None
    statuses: frozenset[int] = EVERY_STATUS
    compared: Span | None = None
    closing: bool = True
    page_size: int = PAGE_SIZE
    after: Place | None = None

    @property
    def status(self) -> str | None:
        """The states as they are asked for; None for all."""
        return None if self.statuses == EVERY_STATUS else ",".join(map(str, sorted(self.statuses)))

    def opens(self, report: str, account: str | None, **other: dt.date | None) -> dict[str, Any]:
        """Return what opens a figure: a report and the query that shows what the figure is made of."""
        return {
            "report": report,
            "account": account,
            "date_from": other.get("date_from", self.date_from),
            "date_to": other.get("date_to", self.date_to),
            "status": self.status,
        }


class FormatSerializer(serializers.Serializer[Any]):
    """The form of an answer."""

    format = serializers.ChoiceField(
        choices=FORMATS, default="json", help_text=gettext_lazy("json, csv, xlsx or pdf.")
    )


class _Range(FormatSerializer):
    """The dates of a report."""

    date_from = IsoDateField(
        required=False, help_text=gettext_lazy("First day; by default that of the fiscal year of the last one.")
    )
    date_to = IsoDateField(
        required=False, help_text=gettext_lazy("Last day; by default today, or the end of a later first day's year.")
    )
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Fill in the dates that are not given."""
        today = timezone.localdate()
        for name in ("date_from", "date_to"):
            if name in attrs and not DATE_MIN <= attrs[name] <= DATE_MAX:
                raise serializers.ValidationError({name: [_("The date must lie between 1900 and 2199.")]})
        if "date_to" not in attrs:
            first = attrs.get("date_from", today)
            attrs["date_to"] = today if first <= today else dt.date(first.year, 12, 31)
        attrs.setdefault("date_from", dt.date(attrs["date_to"].year, 1, 1))
        if attrs["date_to"] < attrs["date_from"]:
            raise serializers.ValidationError({"date_to": [_("The last day comes before the first.")]})
        return attrs


class ReportQuerySerializer(_Range):
    """The query of a report."""

    account = serializers.CharField(
        required=False, max_length=30,
        help_text=gettext_lazy("Code or number of an account, or of a heading for all under it."),
    )
    status = serializers.RegexField(
        r"^[012](,[012])*\Z", required=False, max_length=5,
        help_text=gettext_lazy("States that count: 0 to verify, 1 verified, 2 closed, or some with commas between."),
    )

    def asked(self) -> Asked:
        """Return the query, once it is valid."""
        data = self.validated_data
        statuses = frozenset(map(int, data["status"].split(","))) if "status" in data else EVERY_STATUS
        span = Span(data["date_from"], data["date_to"])
        return Asked(
            date_from=data["date_from"], date_to=data["date_to"], account=data.get("account"),
            level=data.get("level"), statuses=statuses, closing=data.get("closing", True),
            page_size=data.get("page_size", PAGE_SIZE), after=data.get("after"),
            compared=_COMPARISONS[data["compare"]](span) if "compare" in data else None,
        )


class LevelledQuerySerializer(ReportQuerySerializer):
    """The query of a report that shows a level of the chart."""

    level = serializers.IntegerField(
        required=False, min_value=1, max_value=LEVEL_MAX,
        help_text=gettext_lazy("Level of the chart to show: 1 partida, 2 grupo, 3 rubro, 4 account."),
    )


class TrialQuerySerializer(LevelledQuerySerializer):
    """The query of the balance de sumas y saldos."""

    closing = serializers.BooleanField(
        default=True, help_text=gettext_lazy("Whether the closing entries of the range count; by default they do.")
    )


class ComparedQuerySerializer(LevelledQuerySerializer):
    """The query of a statement, which may be set beside another."""

    compare = serializers.ChoiceField(
        choices=tuple(_COMPARISONS), required=False,
        help_text=gettext_lazy("Compare with the period before, of the same length, or with the year before."),
    )


class PagedQuerySerializer(ReportQuerySerializer):
    """The query of a report whose JSON goes page by page; files have all of it."""

    page_size = serializers.IntegerField(
        default=PAGE_SIZE, min_value=1, max_value=PAGE_SIZE_MAX, help_text=gettext_lazy("Rows on a page of the JSON.")
    )
    after = serializers.RegexField(
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]{1,18}\Z", required=False, max_length=30,
        help_text=gettext_lazy("Where the page begins: `next` of the one before."),
    )

    def validate_after(self, text: str) -> Place:
        """Return the place that `next` named."""
        try:
            return Place.read(text)
        except ValueError:
            raise serializers.ValidationError(_("Send what `next` of the page before says.")) from None
