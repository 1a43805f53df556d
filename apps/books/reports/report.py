"""A report, however it is going to be written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from apps.common.sheets import Column
from apps.companies.models import Company

Cells = Mapping[str, Any]  # by the keys of the columns; amounts in centavos


class Style(StrEnum):
    """How a printed row stands out."""

    LINE = "line"
    HEADING = "heading"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Printed:
    """A row of a sheet or page."""

    cells: Cells
    style: Style = Style.LINE


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says. `rows` and `totals` are those of the JSON; `printed` are the rows of sheets and pages.

    `name` is that of its address; `more` are further fields of the JSON.
    """

    name: str
    title: str
    company: Company
    date_from: dt.date
    date_to: dt.date
    columns: Sequence[Column]
    rows: Sequence[Cells]
    totals: Cells
    printed: Iterable[Printed]
    more: Cells = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the report as the API writes it."""
        return {
            "title": self.title,
            "company": self.company.name,
            "company_id": self.company.pk,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "rows": self.rows,
            "totals": self.totals,
            **self.more,
        }

    @property
    def file_name(self) -> str:
        """What a file of it is called, without its ending."""
        return f"{self.name}_{self.date_from:%Y-%m-%d}_{self.date_to:%Y-%m-%d}"


def lines(rows: Iterable[Cells]) -> list[Printed]:
    """Return rows as printed lines."""
    return [Printed(row) for row in rows]
