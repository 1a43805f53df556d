"""Which rows a verification looks at, and how it reads dates that may be no dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import CharField, F, Manager, Model, QuerySet
from django.db.models.functions import Cast, Substr

from apps.companies.models import Company

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Scope:
    """One company, or all."""

    company: Company | None

    def of(self, rows: Manager[M] | QuerySet[M], company: str = "company") -> QuerySet[M]:
        """Return the rows in scope; `company` is the path to theirs."""
        return rows.all() if self.company is None else rows.filter(**{company: self.company})


def day_text(field: str = "date") -> Any:
    """Return a date column as the text it is stored as: a damaged one must not stop the verification."""
    return Cast(F(field), CharField())


def month_text(field: str = "date") -> Any:
    """Return `YYYY-MM` of a date column."""
    return Substr(day_text(field), 1, 7)
