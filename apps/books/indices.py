"""The table of price indices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q, QuerySet

from apps.audit.actions import record
from apps.books.errors import UnknownIndex
from apps.books.models import PriceIndex
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.users.models import User


def indices_of(company: Company) -> QuerySet[PriceIndex]:
    """Return the company's indices and those for all, in order of month."""
    return PriceIndex.objects.filter(Q(company=company) | Q(company=None))


def index_of(company: Company, index_id: int) -> PriceIndex:
    """Return one of them; UnknownIndex."""
    found = indices_of(company).filter(pk=index_id).first()
    if found is None:
        raise UnknownIndex
    return found


@unit_of_work
def set_indices(
    values: Mapping[dt.date, int], *, for_all: bool, acting_user: User, company: Company
) -> list[PriceIndex]:
    """Set the values of some months, in ten-thousandths, in the place of what stood; return their rows."""
    owner = None if for_all else company
    rows = [
        PriceIndex.objects.update_or_create(company=owner, month=month, defaults={"ten_thousandths": value})[0]
        for month, value in sorted(values.items())
    ]
    _tell("indices.set", {f"{row.month:%Y-%m}": row.ten_thousandths for row in rows}, for_all, acting_user, company)
    return rows


@unit_of_work
def remove_index(index: PriceIndex, *, acting_user: User, company: Company) -> None:
    """Remove the value of a month."""
    detail = {f"{index.month:%Y-%m}": index.ten_thousandths}
    for_all = index.company_id is None
    index.delete()
    _tell("indices.removed", detail, for_all, acting_user, company)


def _tell(action: str, values: Mapping[str, int], for_all: bool, acting_user: User, company: Company) -> None:
    record(
        action, acting_user=acting_user, company_id=company.pk, subject="index", subject_id="all" if for_all else "own",
        detail={"values": dict(values), "for_all": for_all},
    )
